import { IdentityError } from '../errors.ts'
import type { Client } from './client.ts'
import { inWorkspace } from './isolation.ts'
import type { Pool } from './pool.ts'
import type { Writes } from './reconcile-batch.ts'
import { OutcomePending, type RetryOptions, withRetry } from './retry.ts'
import { hasTrace } from './statements/has-trace.ts'
import { readTransactionStatus } from './statements/read-transaction-status.ts'

/** A transaction whose COMMIT may have been sent. */
export interface SentTransaction {
  readonly workspaceId: number
  readonly transactionId: string
  /** The time that all it wrote bears. */
  readonly at: Date
  readonly writes: Pick<Writes, 'added' | 'changed' | 'refusals'>
}

/**
 * The connection was lost when COMMIT was on its way: asks the database what became of the transaction. By its id, and
 * by what it wrote: PostgreSQL forgets the id of a transaction that left nothing on disk before a crash, and gives it
 * to another.
 * @throws IdentityError `unavailable` where it cannot be told any more
 */
export async function isCommitted(pool: Pool, sent: SentTransaction, retry: RetryOptions): Promise<boolean> {
  const { workspaceId, transactionId, at, writes } = sent
  const ids = [...writes.added.keys(), ...writes.changed.keys()]
  // It only read what others had committed.
  if (ids.length === 0 && writes.refusals.length === 0) return true
  return withRetry(
    () =>
      inWorkspace(pool, workspaceId, async (client) => {
        if ((await decidedStatus(client, transactionId)) !== 'committed') return false
        if (ids.length === 0) return true
        if (await hasTrace(client, workspaceId, ids, at)) return true
        // What it added bears its time for ever, unless an order brought another; what it changed, until the next merge.
        if ([...writes.added.values()].some((contact) => contact.createdAt === at)) return false
        throw new IdentityError(
          'unavailable',
          'It cannot be told whether the request was done. Repeat it: that is safe.',
          {
            retryAfterS: 1,
          },
        )
      }),
    retry,
  )
}

/** What became of a transaction; null where its id is not known any more. @throws OutcomePending until it is decided */
export async function decidedStatus(client: Client, transactionId: string) {
  const status = await readTransactionStatus(client, transactionId)
  if (status === 'in progress') throw new OutcomePending('the database has not decided yet')
  return status
}
