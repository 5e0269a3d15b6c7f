import type { CanonicalRequest } from '../canonical/request.ts'
import type { Origin } from '../event.ts'
import type { Identifier } from '../identifier.ts'
import type { Outcome } from '../reconcile.ts'
import type { IdentifyResult } from '../store.ts'
import { unique } from '../unique.ts'
import { WorkingSet } from '../working-set.ts'
import { Batcher, type BatcherOptions, lastExpiryMs } from './batcher.ts'
import { FairShare } from './fair-share.ts'
import { type IdentifyJob, identifiersOfAll, screen } from './identify-job.ts'
import { inWorkspace } from './isolation.ts'
import { LARGE_CONTACT_COUNT, LargePersons } from './large-persons.ts'
import type { Load, Observer, Phase } from './observer.ts'
import type { Pool } from './pool.ts'
import { LocksOutdated, type RetryEvent, type RetryOptions, withRetry } from './retry.ts'
import { type RuleSource, stillInForce } from './rules/rule-book.ts'
import { readPersons } from './statements/read-persons.ts'
import { answersWithoutChange, Views } from './unchanged-answers.ts'
import { writeBatch } from './write-batch.ts'

export interface EngineOptions {
  /** Batches that read at once, each on a connection of its own. */
  readLanes: number
  /** Transactions at once, each on a connection of its own. */
  writeLanes: number
  /** Requests a batch. */
  maxBatchSize: number
  /** Calls that may wait for a lane; one more gets `unavailable` at once. */
  maxQueued: number
  /** How long a call may take, waiting and retries included, before it gets `unavailable`. */
  timeoutMs: number
  /** What each workspace refuses and blocks. */
  rules: RuleSource
  onRetry?: ((event: RetryEvent) => void) | undefined
  /** Called when a transaction of a workspace has been committed. */
  onWritten?: ((workspaceId: number) => void) | undefined
  /** Called when a batch has ended, but for those for large persons. */
  onEnd?: (() => void) | undefined
  observer?: Observer | undefined
}

/**
 * A transaction costs the database and the process as much as ten requests of it, so that two small ones at once take
 * more from both than one after the other.
 */
const MIN_WRITES_BESIDE = 24

/** The two phases of a call. */
interface Track {
  readonly reads: Batcher<IdentifyJob>
  readonly writes: Batcher<IdentifyJob>
}

/**
 * Takes identify calls to the database in batches. A call is read first; if its answer changes nothing, the snapshot
 * it was read from answers it, with no transaction and no lock. The rest goes through one transaction a batch.
 *
 *     identify → [read lanes] → answered
 *                             ↘ [write lanes] → lock, read again, reconcile one by one, write, commit → answered
 *
 * Calls for persons of many contacts have a track of their own, with one lane a phase: nobody else travels with them,
 * and they get a fair share of the process.
 */
export class Engine {
  readonly #pool: Pool
  readonly #options: EngineOptions
  readonly #usual: Track
  readonly #large: Track
  readonly #largePersons = new LargePersons()
  readonly #share = new FairShare()
  /** Requests that were answered, by what became of the person. */
  readonly outcomes: Record<Outcome, number> = { existing: 0, created: 0, linked: 0, merged: 0, refused: 0 }

  constructor(pool: Pool, options: EngineOptions) {
    this.#pool = pool
    this.#options = options
    const onEnd = () => {
      this.#wakeLarge()
      options.onEnd?.()
    }
    this.#usual = this.#track(['read', 'write'], options, { onEnd })
    this.#large = this.#track(
      ['large_read', 'large_write'],
      { readLanes: 1, writeLanes: 1 },
      { mayDepart: () => this.#mayLargeDepart() },
    )
  }

  get load(): Readonly<Record<Exclude<Phase, 'lookup' | 'events'>, Load>> {
    return {
      read: this.#usual.reads.load,
      write: this.#usual.writes.load,
      large_read: this.#large.reads.load,
      large_write: this.#large.writes.load,
    }
  }

  /** True when no call waits or is under way, but for those for large persons. */
  get isIdle(): boolean {
    return this.#usual.reads.isIdle && this.#usual.writes.isIdle
  }

  identify(workspaceId: number, requests: readonly CanonicalRequest[], origin: Origin): Promise<IdentifyResult[]> {
    const identifiers = identifiersOfAll(requests)
    const track = this.#largePersons.has(workspaceId, identifiers) ? this.#large : this.#usual
    return new Promise((resolve, reject) =>
      track.reads.push({
        workspaceId,
        size: requests.length,
        expiresAtMs: Date.now() + this.#options.timeoutMs,
        requests,
        origin,
        usable: requests,
        identifiers,
        caller: this.#options.observer?.tracing?.caller(),
        rules: undefined,
        refusal: undefined,
        resolve,
        reject,
        rootIds: [],
        known: [],
        unclaimed: [],
        contactCount: 0,
      }),
    )
  }

  #track(
    [readPhase, writePhase]: readonly [Phase, Phase],
    { readLanes, writeLanes }: Pick<EngineOptions, 'readLanes' | 'writeLanes'>,
    departure: Pick<BatcherOptions<IdentifyJob>, 'mayDepart' | 'onEnd'>,
  ): Track {
    const { maxBatchSize, maxQueued, observer } = this.#options
    const common = { maxBatchSize, maxQueued, observer, ...departure }
    const track: Track = {
      reads: new Batcher({
        ...common,
        phase: readPhase,
        lanes: readLanes,
        run: (...batch) => this.#read(track, ...batch),
      }),
      writes: new Batcher({
        ...common,
        phase: writePhase,
        lanes: writeLanes,
        minBeside: MIN_WRITES_BESIDE,
        run: (...batch) => this.#write(track, ...batch),
      }),
    }
    return track
  }

  #account(track: Track, jobs: readonly IdentifyJob[], contactCount: number): void {
    if (track === this.#large) this.#share.charge(contactCount)
    else this.#share.pay(jobs.length)
  }

  #noteSize(job: IdentifyJob, persons: WorkingSet): void {
    const counts = job.identifiers.map((identifier) => persons.find(identifier)?.contacts.length ?? 0)
    job.contactCount = Math.max(...counts)
    this.#largePersons.note(job.workspaceId, job.identifiers, job.contactCount)
  }

  /** Calls for large persons wait for those of others; where there are none, what is owed is owed to nobody. */
  #mayLargeDepart(): boolean {
    if (this.isIdle) this.#share.forgive()
    return this.#share.isPaid
  }

  #wakeLarge(): void {
    this.#large.reads.wake()
    this.#large.writes.wake()
  }

  async #read(track: Track, workspaceId: number, jobs: IdentifyJob[]): Promise<void> {
    const contacts = await this.#retrying(jobs, async () => {
      const rules = await this.#options.rules.of(workspaceId)
      for (const job of jobs) screen(job, rules)
      const identifiers = jobs.flatMap((job) => job.identifiers)
      const contacts = await inWorkspace(this.#pool, workspaceId, (client) =>
        readPersons(client, workspaceId, identifiers),
      )
      await stillInForce(this.#options.rules, workspaceId, rules)
      return contacts
    })
    this.#account(track, jobs, contacts.length)
    const persons = new WorkingSet(contacts)
    const views = new Views()
    const isLargeBatch = contacts.length > LARGE_CONTACT_COUNT || track === this.#large
    for (const job of jobs) {
      if (job.refusal) {
        job.reject(job.refusal)
        continue
      }
      if (isLargeBatch) this.#noteSize(job, persons)
      const results = answersWithoutChange(persons, job, views)
      if (results) {
        this.outcomes.existing += results.length
        job.resolve(results)
        continue
      }
      job.rootIds = persons.rootIdsOf(job.identifiers)
      job.known = job.identifiers.filter((identifier) => persons.knows(identifier))
      job.unclaimed = job.identifiers.filter((identifier) => !persons.find(identifier))
      const { writes } = job.contactCount > LARGE_CONTACT_COUNT ? this.#large : this.#usual
      writes.push(job)
    }
  }

  async #write(track: Track, workspaceId: number, jobs: IdentifyJob[]): Promise<void> {
    this.#account(track, jobs, Math.max(...jobs.map((job) => job.contactCount)))
    const origins = jobs.flatMap((job) => job.requests.map(() => job.origin))
    let known: readonly Identifier[] = jobs.flatMap((job) => job.known)
    let unclaimed: readonly Identifier[] = jobs.flatMap((job) => job.unclaimed)
    let rootIds: readonly number[] = unique(jobs.flatMap((job) => job.rootIds))
    const readAll = () => {
      known = jobs.flatMap((job) => job.identifiers)
    }
    const results = await this.#retrying(jobs, async (retry) => {
      const rules = await this.#options.rules.of(workspaceId)
      if (jobs.some((job) => job.rules !== rules)) {
        for (const job of jobs) screen(job, rules)
        readAll()
        unclaimed = []
      }
      // Alone, a call is told its own error; with others, each is tried by itself.
      for (const { refusal } of jobs) if (refusal) throw refusal
      const requests = jobs.flatMap((job) => job.usable)
      const checkRules = () => stillInForce(this.#options.rules, workspaceId, rules)
      try {
        const batch = { workspaceId, requests, origins, known, unclaimed, rootIds, rules, checkRules, retry }
        return await writeBatch(this.#pool, batch)
      } catch (error) {
        if (error instanceof LocksOutdated) rootIds = error.rootIds
        // Somebody may have claimed meanwhile what nobody did: from now on, everything is read again.
        readAll()
        throw error
      }
    })
    this.#options.onWritten?.(workspaceId)
    for (const { outcome } of results) this.outcomes[outcome]++
    let taken = 0
    for (const job of jobs) {
      job.resolve(results.slice(taken, taken + job.size))
      taken += job.size
    }
  }

  #retrying<T>(jobs: readonly IdentifyJob[], work: (options: RetryOptions) => Promise<T>): Promise<T> {
    const options = { deadlineMs: lastExpiryMs(jobs), onRetry: this.#options.onRetry }
    return withRetry(() => work(options), options)
  }
}
