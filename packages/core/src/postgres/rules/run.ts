import type { Client } from '../client.ts'

/** Gives work a connection for as long as a statement takes. */
export type Run = <T>(work: (db: Client) => Promise<T>) => Promise<T>
