import type { CanonicalRequest } from '../canonical/request.ts'
import { identifiersOf } from '../identifier.ts'
import { type PersonView, viewOf } from '../person.ts'
import { type Preview, preview } from '../preview.ts'
import type { IdentifyResult, IdentityStore, PersonQuery } from '../store.ts'
import { WorkingSet } from '../working-set.ts'
import type { Client } from './client.ts'
import { Engine } from './engine.ts'
import type { Pool } from './pool.ts'
import { type RetryEvent, withRetry } from './retry.ts'
import { readPersonOfContact, readPersons } from './statements/read-persons.ts'

export interface PostgresStoreOptions {
  /**
   * Batches that read at once. Two keep the database busy while the process works on one's rows.
   * @default 2
   */
  readLanes?: number
  /**
   * Transactions at once. More lanes commit more often but meet each other's locks more often.
   * @default 2
   */
  writeLanes?: number
  /** Requests a batch. @default 128 */
  maxBatchSize?: number
  /** Calls that may wait for a lane; one more is refused with `unavailable`. @default 10,000 */
  maxQueued?: number
  /** How long a call may take, waiting and retries included, milliseconds. @default 5,000 */
  timeoutMs?: number
  /** Called before work is repeated, for the log. */
  onRetry?: (event: RetryEvent) => void
}

/** Persons in PostgreSQL, shared by any number of processes. */
export class PostgresStore implements IdentityStore {
  readonly #pool: Pool
  readonly #engine: Engine
  readonly #timeoutMs: number
  readonly #onRetry: PostgresStoreOptions['onRetry']

  /** @param pool one with at least `readLanes + writeLanes` connections, on a migrated database. */
  constructor(pool: Pool, options: PostgresStoreOptions = {}) {
    const {
      readLanes = 2,
      writeLanes = 2,
      maxBatchSize = 128,
      maxQueued = 10_000,
      timeoutMs = 5_000,
      onRetry,
    } = options
    this.#pool = pool
    this.#timeoutMs = timeoutMs
    this.#onRetry = onRetry
    this.#engine = new Engine(pool, { readLanes, writeLanes, maxBatchSize, maxQueued, timeoutMs, onRetry })
  }

  identify(workspaceId: number, requests: readonly CanonicalRequest[]): Promise<IdentifyResult[]> {
    return this.#engine.identify(workspaceId, requests)
  }

  async find(workspaceId: number, query: PersonQuery): Promise<PersonView | null> {
    const contacts = await this.#reading((client) =>
      'contactId' in query
        ? readPersonOfContact(client, workspaceId, query.contactId)
        : readPersons(client, workspaceId, [query.identifier]),
    )
    const persons = new WorkingSet(contacts)
    const person = 'contactId' in query ? persons.findByContact(query.contactId) : persons.find(query.identifier)
    return person ? viewOf(person) : null
  }

  async preview(workspaceId: number, request: CanonicalRequest): Promise<Preview> {
    const contacts = await this.#reading((client) => readPersons(client, workspaceId, identifiersOf(request)))
    return preview(new WorkingSet(contacts).find, request, new Date())
  }

  #reading<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return withRetry(() => this.#pool.use(work), { deadlineMs: Date.now() + this.#timeoutMs, onRetry: this.#onRetry })
  }
}
