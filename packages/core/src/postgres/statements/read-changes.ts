import type { EventCursor } from '../../event-cursor.ts'
import type { PackedEvent } from '../../packed-events.ts'
import type { Client } from '../client.ts'

/** The events of one transaction, in their place. */
export interface Change {
  readonly position: number
  readonly at: Date
  readonly events: readonly PackedEvent[]
}

/**
 * The changes that hold the next events after a cursor, that of the cursor included: as many as it takes for `limit`
 * events, so that a change with thousands of them is not read with a thousand others.
 */
export async function readChanges(
  db: Client,
  workspaceId: number,
  { position, index }: EventCursor,
  limit: number,
): Promise<Change[]> {
  const rows = await db<Array<{ position: number; at_ms: number; events: PackedEvent[] }>>`
    /* identity:read-changes */
    select position, date_part('epoch', at) * 1000 as at_ms, events from (
      select position, at, events, sum(size) over (order by position) - size as before from change
      where workspace_id = ${workspaceId} and position >= ${position}
      order by position
      limit ${limit + 1}
    ) as counted
    where before < ${limit + index + 1}
    order by position`
  return rows.map((row) => ({ position: row.position, at: new Date(row.at_ms), events: row.events }))
}
