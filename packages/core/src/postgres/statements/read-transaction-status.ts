import type { Client } from '../client.ts'

export type TransactionStatus = 'committed' | 'aborted' | 'in progress'

/** What became of a transaction whose connection was lost; null when it is too old to be known. */
export async function readTransactionStatus(db: Client, transactionId: string): Promise<TransactionStatus | null> {
  const [row] = await db<[{ status: TransactionStatus | null }]>`
    /* identity:read-transaction-status */
    select pg_xact_status(${transactionId}::text::xid8) as status`
  return row.status
}
