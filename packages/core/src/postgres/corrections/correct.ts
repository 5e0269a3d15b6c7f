import type { Correction } from '../../correction.ts'
import { NO_ORIGIN, type Origin } from '../../event.ts'
import type { Client } from '../client.ts'
import { decidedStatus } from '../commit-outcome.ts'
import { inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
import { isConnectionLost, type RetryOptions, withRetry } from '../retry.ts'
import { hasChange, type WrittenChange } from '../statements/has-change.ts'
import { begin, commit } from '../transaction.ts'
import { type CorrectionTarget, type LockedPersons, lockTarget } from './lock.ts'
import { writeCorrection } from './write-correction.ts'

export interface CorrectOptions {
  /** On whose behalf, for the log. @default nobody's */
  readonly origin?: Origin
  /** Whether only to say what would be done. @default false */
  readonly dryRun?: boolean
  readonly retry: RetryOptions
}

/** What has been written, as far as it is known when COMMIT is sent. */
interface Sent<T> {
  readonly result: T
  readonly transactionId: string
  readonly change: WrittenChange
}

/**
 * One transaction: lock the persons by their roots, as identify does, read them under the locks, and write what the work
 * makes of them. So a correction and any identify call of the same persons come one after the other.
 * @param findTarget whose persons to lock, read without locks; called again where these turn out not to be all
 * @param work what to write, and the answer; without events or changed contacts, nothing is written. Called again where the transaction is
 * repeated
 * @throws IdentityError `unavailable` when it cannot be done in time; what the work throws as it is
 */
export async function correct<Target extends CorrectionTarget, T>(
  pool: Pool,
  workspaceId: number,
  findTarget: (client: Client) => Promise<Target> | Target,
  work: (locked: LockedPersons, target: Target) => Promise<Correction<T>> | Correction<T>,
  { origin = NO_ORIGIN, dryRun = false, retry }: CorrectOptions,
): Promise<T> {
  return withRetry(async () => {
    let sent: Sent<T> | undefined
    try {
      return await inWorkspace(pool, workspaceId, async (client) => {
        const target = await findTarget(client)
        await begin(client)
        const locked = await lockTarget(client, workspaceId, target)
        const correction = await work(locked, target)
        if (!dryRun && writesAnything(correction)) {
          const changeId = await writeCorrection(locked, workspaceId, correction, origin)
          const { transactionId, at } = locked
          // What leaves no event is repeated: it then finds that it is done.
          if (changeId !== null) sent = { result: correction.result, transactionId, change: { id: changeId, at } }
          await commit(client)
        } else await client`rollback`
        return correction.result
      })
    } catch (error) {
      if (sent && isConnectionLost(error) && (await isCommitted(pool, workspaceId, sent, retry))) return sent.result
      throw error
    }
  }, retry)
}

function writesAnything({ events, changed = [] }: Correction<unknown>): boolean {
  return events.length > 0 || changed.length > 0
}

/** The connection was lost when COMMIT was on its way. The change is the transaction's trace, as nothing removes one that is new. */
function isCommitted(
  pool: Pool,
  workspaceId: number,
  { transactionId, change }: Sent<unknown>,
  retry: RetryOptions,
): Promise<boolean> {
  return withRetry(
    () =>
      inWorkspace(pool, workspaceId, async (client) => {
        await decidedStatus(client, transactionId)
        return hasChange(client, workspaceId, change)
      }),
    retry,
  )
}
