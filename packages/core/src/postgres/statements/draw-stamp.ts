import type { Client } from '../client.ts'

/** What a transaction is given by the database: the time, ids for its new contacts, and its own number. */
export interface DrawnStamp {
  at: Date
  ids: number[]
  /** The highest contact id of the workspace; 0 where it has none. */
  highestId: number
  /** The transaction's id, by which `readTransactionStatus` finds out later what became of it. */
  transactionId: string
}

/**
 * One clock for all servers: the database's. Sent after the locks, so that of two transactions on one person the later
 * has the later time.
 */
export async function drawStamp(db: Client, workspaceId: number, idCount: number): Promise<DrawnStamp> {
  const [row] = await db<[{ at_ms: number; ids: number[]; highest_id: number | null; transaction_id: string }]>`
    /* identity:draw-stamp */
    select
      floor(date_part('epoch', clock_timestamp()) * 1000) as at_ms,
      array(select nextval('contact_id_seq') from generate_series(1, ${idCount}::int)) as ids,
      (select max(id) from contact where workspace_id = ${workspaceId}) as highest_id,
      pg_current_xact_id()::text as transaction_id`
  return {
    at: new Date(row.at_ms),
    ids: row.ids,
    highestId: row.highest_id ?? 0,
    transactionId: row.transaction_id,
  }
}
