import type { CanonicalRequest } from '../canonical/request.ts'
import { NO_ORIGIN, type Origin, type RecordedEvent } from '../event.ts'
import { identifiersOf } from '../identifier.ts'
import { type PersonView, viewOf } from '../person.ts'
import { type Preview, preview } from '../preview.ts'
import type { Outcome } from '../reconcile.ts'
import type { EventQuery, IdentifyResult, IdentityStore, PersonQuery } from '../store.ts'
import { PostgresCorrections } from './corrections/postgres-corrections.ts'
import { Engine } from './engine.ts'
import { EventLog } from './events/event-log.ts'
import { Lookups } from './lookups.ts'
import type { Load, Observer, Phase } from './observer.ts'
import type { Pool } from './pool.ts'
import type { RetryEvent } from './retry.ts'

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
  /** Watches it work. */
  observer?: Observer
}

/** Reads for `find` and `preview` at once. */
const LOOKUP_LANES = 1

/** Persons in PostgreSQL, shared by any number of processes. */
export class PostgresStore implements IdentityStore {
  readonly #engine: Engine
  readonly #lookups: Lookups
  readonly #events: EventLog
  readonly corrections: PostgresCorrections

  /** @param pool one with at least `readLanes + writeLanes + 5` connections, on a migrated database. */
  constructor(pool: Pool, options: PostgresStoreOptions = {}) {
    const {
      readLanes = 2,
      writeLanes = 2,
      maxBatchSize = 128,
      maxQueued = 10_000,
      timeoutMs = 5_000,
      onRetry,
      observer,
    } = options
    const limits = { maxBatchSize, maxQueued, timeoutMs, onRetry, observer }
    this.#events = new EventLog(pool, limits)
    const onWritten = (workspaceId: number) => this.#events.written(workspaceId)
    this.#engine = new Engine(pool, { readLanes, writeLanes, ...limits, onWritten })
    this.corrections = new PostgresCorrections(pool, { ...limits, onWritten })
    this.#lookups = new Lookups(pool, { lanes: LOOKUP_LANES, ...limits })
  }

  /** What waits and what is under way now. */
  get load(): Readonly<Record<Phase, Load>> {
    return { ...this.#engine.load, lookup: this.#lookups.load, events: this.#events.load }
  }

  /** Requests of identify that this store has answered, by what became of the person. */
  get outcomes(): Readonly<Record<Outcome, number>> {
    return this.#engine.outcomes
  }

  identify(
    workspaceId: number,
    requests: readonly CanonicalRequest[],
    origin: Origin = NO_ORIGIN,
  ): Promise<IdentifyResult[]> {
    return this.#engine.identify(workspaceId, requests, origin)
  }

  async find(workspaceId: number, query: PersonQuery): Promise<PersonView | null> {
    const person = await this.#lookups.find(workspaceId, query)
    return person ? viewOf(person) : null
  }

  async preview(workspaceId: number, request: CanonicalRequest): Promise<Preview> {
    return preview(await this.#lookups.finder(workspaceId, identifiersOf(request)), request)
  }

  events(workspaceId: number, query: EventQuery): Promise<RecordedEvent[]> {
    return this.#events.events(workspaceId, query)
  }

  untilEvents(workspaceId: number, after: string | undefined, signal: AbortSignal): Promise<void> {
    return this.#events.untilEvents(workspaceId, after, signal)
  }
}
