import type { Client } from '../client.ts'
import type { Pool } from '../pool.ts'
import { type RetryEvent, withRetry } from '../retry.ts'
import { type ContactCheck, checkContacts } from '../statements/check-contacts.ts'
import { dropClaims } from '../statements/drop-claims.ts'
import { listWorkspaceIds } from '../statements/list-workspace-ids.ts'
import { readContactPage } from '../statements/read-contact-page.ts'
import { begin, commit } from '../transaction.ts'
import type { InvariantName } from '../verify/invariants.ts'
import { BEFORE_ALL_IDS } from '../verify/pages.ts'
import { repairChain, repairDanglingLink, repairPrecedence } from './repair-links.ts'
import { repairAge, repairShared } from './repair-persons.ts'
import { repairValues } from './repair-values.ts'

const PAGE_SIZE = 1_000

export interface RepairOptions {
  /** The workspace to repair. @default all of them */
  readonly workspaceId?: number | undefined
  /** How many rows are looked at together. @default 1,000 */
  readonly pageSize?: number
  /** How long a database that is away is waited for, milliseconds. */
  readonly patienceMs: number
  /** Called after each page, with the rows looked at so far: every contact once for each of seven repairs. */
  readonly onProgress?: ((rows: number) => void) | undefined
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  /** Ends it after the page under way. */
  readonly signal?: AbortSignal | undefined
}

/** How many rows each repair has changed; those that found nothing to do are left out. */
export type Repaired = Partial<Record<InvariantName, number>>

interface Repair {
  readonly check: ContactCheck
  /** How many contacts one transaction takes. */
  readonly together: number
  run(db: Client, workspaceId: number, ids: readonly number[]): Promise<number>
}

/** Each supposes what those before it have done. All look again under their locks, as the service works meanwhile. */
const REPAIRS: readonly Repair[] = [
  { check: 'one-primary', together: 100, run: repairPrecedence },
  { check: 'no-dangling-links', together: 1, run: repairDanglingLink },
  { check: 'no-chains', together: 1, run: repairChain },
  { check: 'oldest-is-primary', together: 1, run: repairAge },
  { check: 'identifiers-carried', together: 100, run: dropClaims },
  { check: 'values-indexed', together: 100, run: repairValues },
  { check: 'one-person-per-identifier', together: 1, run: repairShared },
]

/**
 * Rebuilds what can be derived, in small transactions that take identify's locks, page by page and while the service
 * runs. What is right is left alone, so that to repeat it is safe; `verify` says what is left.
 */
export async function repair(pool: Pool, options: RepairOptions): Promise<Repaired> {
  const work = new Work(pool, options)
  const workspaceIds =
    options.workspaceId === undefined ? await work.run((db) => listWorkspaceIds(db)) : [options.workspaceId]
  for (const workspaceId of workspaceIds) {
    for (const step of REPAIRS) await work.repairContacts(workspaceId, step)
  }
  return work.repaired
}

class Work {
  readonly repaired: Repaired = {}
  readonly #pool: Pool
  readonly #options: RepairOptions
  readonly #limit: number
  #rows = 0

  constructor(pool: Pool, options: RepairOptions) {
    this.#pool = pool
    this.#options = options
    this.#limit = options.pageSize ?? PAGE_SIZE
  }

  async repairContacts(workspaceId: number, { check, together, run }: Repair): Promise<void> {
    for (let afterId = BEFORE_ALL_IDS; ; ) {
      const page = { workspaceId, afterId, limit: this.#limit }
      const [contacts, ids] = await this.run((db) =>
        Promise.all([readContactPage(db, page), checkContacts(db, check, page)]),
      )
      if (contacts.length === 0) return
      afterId = contacts.at(-1)!.id
      for (let n = 0; n < ids.length; n += together) {
        await this.#write(check, (db) => run(db, workspaceId, ids.slice(n, n + together)))
      }
      this.#pageDone(contacts.length)
    }
  }

  run<T>(work: (db: Client) => Promise<T>): Promise<T> {
    const { patienceMs, onRetry } = this.#options
    return withRetry(() => this.#pool.use(work), { deadlineMs: Date.now() + patienceMs, onRetry })
  }

  async #write(name: InvariantName, work: (db: Client) => Promise<number>): Promise<void> {
    const count = await this.run(async (db) => {
      await begin(db)
      const count = await work(db)
      await commit(db)
      return count
    })
    if (count > 0) this.repaired[name] = (this.repaired[name] ?? 0) + count
  }

  #pageDone(rows: number): void {
    this.#rows += rows
    this.#options.onProgress?.(this.#rows)
    this.#options.signal?.throwIfAborted()
  }
}
