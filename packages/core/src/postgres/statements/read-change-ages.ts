import type { Client } from '../client.ts'

/** When a change was made, and how many events it has. */
export interface ChangeAge {
  readonly position: number
  readonly at: Date
  readonly size: number
}

/** The oldest changes that have a position. */
export async function readChangeAges(db: Client, workspaceId: number, limit: number): Promise<ChangeAge[]> {
  const rows = await db<Array<{ position: number; at_ms: number; size: number }>>`
    /* identity:read-change-ages */
    select position, date_part('epoch', at) * 1000 as at_ms, size from change
    where workspace_id = ${workspaceId} and position is not null
    order by position
    limit ${limit}`
  return rows.map(({ position, at_ms, size }) => ({ position, at: new Date(at_ms), size }))
}

/** When the oldest change without a position was made; null where there is none. */
export async function readPendingAge(db: Client, workspaceId: number): Promise<Date | null> {
  const [row] = await db<Array<{ at_ms: number }>>`
    /* identity:read-pending-age */
    select date_part('epoch', at) * 1000 as at_ms from change
    where workspace_id = ${workspaceId} and position is null
    order by id
    limit 1`
  return row ? new Date(row.at_ms) : null
}
