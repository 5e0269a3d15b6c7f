import type { Corrected, CorrectionOptions, Corrections, EraseResult, SplitResult } from '../../corrections.ts'
import { Batcher, type Job, lastExpiryMs } from '../batcher.ts'
import type { Pool } from '../pool.ts'
import type { RetryEvent } from '../retry.ts'
import type { RuleSource } from '../rules/rule-book.ts'
import type { CorrectOptions } from './correct.ts'
import { deleteOneContact } from './delete-contact.ts'
import { erasePerson } from './erase-person.ts'
import { Rest } from './rest.ts'
import { restoreOneContact } from './restore-contact.ts'
import { splitPerson } from './split-person.ts'
import { undoMerge } from './undo-merge.ts'

export interface PostgresCorrectionsOptions {
  readonly maxQueued: number
  readonly timeoutMs: number
  /** What each workspace refuses and blocks, which a restoration must not get round. */
  readonly rules: RuleSource
  /** Whether others want the process and the database, so that a correction waits for the rest after the one before. @default never */
  readonly isBusy?: (() => boolean) | undefined
  /** Called before a separation is made, so that merges on every server look for it. @default nothing is done */
  readonly beforeSeparation?: ((workspaceId: number) => Promise<void>) | undefined
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  /** Called when a transaction of a workspace has been committed. */
  readonly onWritten?: ((workspaceId: number) => void) | undefined
}

interface CorrectionJob extends Job {
  run(options: Pick<CorrectOptions, 'retry'>): Promise<void>
}

/** Corrections of persons in PostgreSQL, one at a time on one connection: identify keeps its lanes. */
export class PostgresCorrections implements Corrections {
  readonly #pool: Pool
  readonly #options: PostgresCorrectionsOptions
  readonly #batcher: Batcher<CorrectionJob>
  readonly #rest = new Rest(() => this.wake())

  constructor(pool: Pool, options: PostgresCorrectionsOptions) {
    this.#pool = pool
    this.#options = options
    const { maxQueued, isBusy = () => false } = options
    const mayDepart = () => this.#rest.isOver || !isBusy()
    this.#batcher = new Batcher({ phase: 'write', lanes: 1, maxBatchSize: 1, maxQueued, run: this.#run, mayDepart })
  }

  async split(
    workspaceId: number,
    query: { readonly contactIds: readonly number[]; readonly keepApart: boolean },
    options?: CorrectionOptions,
  ): Promise<SplitResult> {
    const run = (options?: CorrectionOptions) =>
      this.#queue(workspaceId, options, (rest) => splitPerson(this.#pool, workspaceId, query, rest))
    if (query.keepApart && !options?.dryRun) {
      // What is refused must not make every merge from now on look for separations.
      await run({ ...options, dryRun: true })
      // Others are corrected meanwhile.
      await this.#options.beforeSeparation?.(workspaceId)
    }
    return run(options)
  }

  undo(workspaceId: number, eventId: string, options?: CorrectionOptions): Promise<Corrected> {
    return this.#queue(workspaceId, options, (rest) => undoMerge(this.#pool, workspaceId, eventId, rest))
  }

  deleteContact(workspaceId: number, contactId: number, options?: CorrectionOptions): Promise<Corrected> {
    return this.#queue(workspaceId, options, (rest) => deleteOneContact(this.#pool, workspaceId, contactId, rest))
  }

  restoreContact(workspaceId: number, contactId: number, options?: CorrectionOptions): Promise<Corrected> {
    const { rules } = this.#options
    return this.#queue(workspaceId, options, (rest) =>
      restoreOneContact(this.#pool, workspaceId, contactId, { ...rest, rules }),
    )
  }

  erase(
    workspaceId: number,
    query: { readonly contactId: number; readonly reason: string | null },
    options?: CorrectionOptions,
  ): Promise<EraseResult> {
    return this.#queue(workspaceId, options, (rest) => erasePerson(this.#pool, workspaceId, query, rest))
  }

  /** Looks again whether others want the process: where they do not, nobody rests. */
  wake(): void {
    this.#batcher.wake()
  }

  #queue<T>(
    workspaceId: number,
    { origin, dryRun = false }: CorrectionOptions = {},
    work: (options: CorrectOptions) => Promise<T>,
  ): Promise<T> {
    const expiresAtMs = Date.now() + this.#options.timeoutMs
    return new Promise((resolve, reject) => {
      const run = async ({ retry }: Pick<CorrectOptions, 'retry'>) => {
        resolve(await work({ ...(origin && { origin }), dryRun, retry }))
        if (!dryRun) this.#options.onWritten?.(workspaceId)
      }
      this.#batcher.push({ workspaceId, size: 1, expiresAtMs, run, reject })
    })
  }

  #run = async (_workspaceId: number, jobs: CorrectionJob[]): Promise<void> => {
    const retry = { deadlineMs: lastExpiryMs(jobs), onRetry: this.#options.onRetry }
    const startedMs = performance.now()
    try {
      for (const job of jobs) await job.run({ retry })
    } finally {
      this.#rest.begin(performance.now() - startedMs)
    }
  }
}
