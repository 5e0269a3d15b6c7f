export { type ConnectOptions, connect, type Database } from './connection.ts'
export { type MigrateOptions, migrate } from './migrate.ts'
export type { RetryEvent } from './retry.ts'
export { PostgresStore, type PostgresStoreOptions } from './store.ts'
