import type { CanonicalRequest } from '../canonical/request.ts'
import { NO_ORIGIN, type Origin, type RecordedEvent } from '../event.ts'
import { identifiersOf } from '../identifier.ts'
import { type PersonView, viewOf } from '../person.ts'
import { type Preview, preview } from '../preview.ts'
import type { Outcome } from '../reconcile.ts'
import type { RuleStore } from '../rule-store.ts'
import type { EventQuery, IdentifyResult, IdentityStore, PersonQuery } from '../store.ts'
import { PostgresCorrections } from './corrections/postgres-corrections.ts'
import { Engine } from './engine.ts'
import { EventLog } from './events/event-log.ts'
import { type LookupOptions, Lookups } from './lookups.ts'
import type { Load, Observer, Phase } from './observer.ts'
import type { Pool } from './pool.ts'
import { PostgresInquiries } from './postgres-inquiries.ts'
import { type RetryEvent, withRetry } from './retry.ts'
import { PostgresRules } from './rules/postgres-rules.ts'
import { RuleBook, type RuleSource, stillInForce } from './rules/rule-book.ts'
import { screened } from './rules/screen.ts'
import { PostgresWebhooks } from './webhooks/postgres-webhooks.ts'

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
  /** What each workspace refuses and blocks. @default what the database says */
  rules?: RuleSource
  /** Called before work is repeated, for the log. */
  onRetry?: (event: RetryEvent) => void
  /** Watches it work. */
  observer?: Observer
}

const TIMEOUT_MS = 5_000
/** Reads for `find` and `preview` at once. */
const LOOKUP_LANES = 1

/** Persons in PostgreSQL, shared by any number of processes. */
export class PostgresStore implements IdentityStore {
  readonly #engine: Engine
  readonly #lookups: Lookups
  readonly #events: EventLog
  readonly #rules: RuleSource
  readonly #options: Pick<LookupOptions, 'timeoutMs' | 'onRetry'>
  readonly corrections: PostgresCorrections
  readonly inquiries: PostgresInquiries
  readonly rules: RuleStore
  readonly webhooks: PostgresWebhooks

  /** @param pool one with at least `readLanes + writeLanes + 7` connections, on a migrated database. */
  constructor(pool: Pool, options: PostgresStoreOptions = {}) {
    const {
      readLanes = 2,
      writeLanes = 2,
      maxBatchSize = 128,
      maxQueued = 10_000,
      timeoutMs = TIMEOUT_MS,
      onRetry,
      rules = new RuleBook(pool, { timeoutMs, onRetry }),
      observer,
    } = options
    const limits = { maxBatchSize, maxQueued, timeoutMs, onRetry, observer }
    this.#options = limits
    this.#events = new EventLog(pool, limits)
    const onWritten = (workspaceId: number) => this.#events.written(workspaceId)
    const onEnd = () => this.corrections.wake()
    this.#engine = new Engine(pool, { readLanes, writeLanes, ...limits, rules, onWritten, onEnd })
    this.#rules = rules
    const keptRules = new PostgresRules(pool, { timeoutMs, onRetry, onWritten })
    this.rules = keptRules
    this.corrections = new PostgresCorrections(pool, {
      ...limits,
      onWritten,
      rules,
      isBusy: () => !this.#engine.isIdle,
      beforeSeparation: (workspaceId) => keptRules.expectSeparations(workspaceId),
    })
    this.inquiries = new PostgresInquiries(pool, limits)
    this.webhooks = new PostgresWebhooks(pool, { timeoutMs, onRetry })
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

  preview(workspaceId: number, request: CanonicalRequest): Promise<Preview> {
    const { timeoutMs, onRetry } = this.#options
    return withRetry(
      async () => {
        const rules = await this.#rules.of(workspaceId)
        const [usable] = screened([request], rules)
        const persons = await this.#lookups.persons(workspaceId, identifiersOf(usable!))
        const refused = rules && (await this.#lookups.reconcileRules(workspaceId, rules, persons))
        await stillInForce(this.#rules, workspaceId, rules)
        return preview(persons.find, usable!, refused)
      },
      { deadlineMs: Date.now() + timeoutMs, onRetry },
    )
  }

  events(workspaceId: number, query: EventQuery): Promise<RecordedEvent[]> {
    return this.#events.events(workspaceId, query)
  }

  untilEvents(workspaceId: number, after: string | undefined, signal: AbortSignal): Promise<void> {
    return this.#events.untilEvents(workspaceId, after, signal)
  }
}
