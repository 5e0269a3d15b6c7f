import type { Identifier } from '../identifier.ts'
import type { Person } from '../person.ts'
import type { ReconcileRules } from '../refusal.ts'
import type { PersonQuery } from '../store.ts'
import { WorkingSet } from '../working-set.ts'
import { Batcher, type Job, lastExpiryMs } from './batcher.ts'
import { inWorkspace } from './isolation.ts'
import type { Load, Observer } from './observer.ts'
import type { Pool } from './pool.ts'
import { type RetryEvent, withRetry } from './retry.ts'
import { reconcileRules } from './rules/reconcile-rules.ts'
import type { WorkspaceRules } from './rules/rule-book.ts'
import { readPersons, readPersonsOfContacts } from './statements/read-persons.ts'

export interface LookupOptions {
  readonly lanes: number
  readonly maxBatchSize: number
  readonly maxQueued: number
  readonly timeoutMs: number
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  readonly observer?: Observer | undefined
}

interface LookupJob extends Job {
  readonly identifiers: readonly Identifier[]
  readonly contactIds: readonly number[]
  resolve(found: { byIdentifier: WorkingSet; byContact: WorkingSet }): void
}

/** Reads that write nothing, in batches of their own: however many there are, identify keeps its lanes. */
export class Lookups {
  readonly #pool: Pool
  readonly #options: LookupOptions
  readonly #batcher: Batcher<LookupJob>

  constructor(pool: Pool, options: LookupOptions) {
    this.#pool = pool
    this.#options = options
    this.#batcher = new Batcher({ ...options, phase: 'lookup', run: this.#read })
  }

  get load(): Load {
    return this.#batcher.load
  }

  async find(workspaceId: number, query: PersonQuery): Promise<Person | undefined> {
    if ('contactId' in query) {
      const { byContact } = await this.#load(workspaceId, [], [query.contactId])
      return byContact.findByContact(query.contactId)
    }
    const { byIdentifier } = await this.#load(workspaceId, [query.identifier], [])
    return byIdentifier.find(query.identifier)
  }

  /** The persons of some identifiers, all of one snapshot. */
  async persons(workspaceId: number, identifiers: readonly Identifier[]): Promise<WorkingSet> {
    const { byIdentifier } = await this.#load(workspaceId, identifiers, [])
    return byIdentifier
  }

  /** What the rules refuse of a request about these persons, as it stands now. */
  reconcileRules(workspaceId: number, rules: WorkspaceRules, persons: WorkingSet): Promise<ReconcileRules> {
    const { timeoutMs, onRetry } = this.#options
    return withRetry(
      () => inWorkspace(this.#pool, workspaceId, (client) => reconcileRules(client, workspaceId, rules, persons)),
      { deadlineMs: Date.now() + timeoutMs, onRetry },
    )
  }

  #load(workspaceId: number, identifiers: readonly Identifier[], contactIds: readonly number[]) {
    const expiresAtMs = Date.now() + this.#options.timeoutMs
    const caller = this.#options.observer?.tracing?.caller()
    return new Promise<Parameters<LookupJob['resolve']>[0]>((resolve, reject) =>
      this.#batcher.push({ workspaceId, size: 1, expiresAtMs, caller, identifiers, contactIds, resolve, reject }),
    )
  }

  #read = async (workspaceId: number, jobs: LookupJob[]): Promise<void> => {
    const identifiers = jobs.flatMap((job) => job.identifiers)
    const contactIds = jobs.flatMap((job) => job.contactIds)
    // Two statements are two snapshots, so each has a working set of its own.
    const [byIdentifier, byContact] = await withRetry(
      () =>
        inWorkspace(this.#pool, workspaceId, (client) =>
          Promise.all([
            identifiers.length > 0 ? readPersons(client, workspaceId, identifiers) : [],
            contactIds.length > 0 ? readPersonsOfContacts(client, workspaceId, contactIds) : [],
          ]),
        ),
      { deadlineMs: lastExpiryMs(jobs), onRetry: this.#options.onRetry },
    )
    const found = { byIdentifier: new WorkingSet(byIdentifier), byContact: new WorkingSet(byContact) }
    for (const job of jobs) job.resolve(found)
  }
}
