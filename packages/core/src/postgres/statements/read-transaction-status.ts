import type { Client } from '../client.ts'
import { codeOf } from '../retry.ts'

export type TransactionStatus = 'committed' | 'aborted' | 'in progress'

const INVALID_PARAMETER_VALUE = '22023'

/** What became of a transaction whose connection was lost; null when it is too old to be known, or a crash undid it. */
export async function readTransactionStatus(db: Client, transactionId: string): Promise<TransactionStatus | null> {
  try {
    const [row] = await db<[{ status: TransactionStatus | null }]>`
      /* identity:read-transaction-status */
      select pg_xact_status(${transactionId}::text::xid8) as status`
    return row.status
  } catch (error) {
    // "is in the future": its id has not been given out again since.
    if (codeOf(error) === INVALID_PARAMETER_VALUE) return null
    throw error
  }
}
