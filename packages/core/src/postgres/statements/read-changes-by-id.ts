import type { PackedEvent } from '../../packed-events.ts'
import type { Client } from '../client.ts'

/** A change that may have no position yet. */
export interface IdentifiedChange {
  readonly id: number
  readonly position: number | null
  readonly at: Date
  readonly events: readonly PackedEvent[]
}

/** Changes by their ids, in that order. */
export async function readChangesById(
  db: Client,
  workspaceId: number,
  ids: readonly number[],
): Promise<IdentifiedChange[]> {
  const rows = await db<Array<{ id: number; position: number | null; at_ms: number; events: PackedEvent[] }>>`
    /* identity:read-changes-by-id */
    select id, position, date_part('epoch', at) * 1000 as at_ms, events from change
    where workspace_id = ${workspaceId} and id = any(${[...ids]}::bigint[])
    order by id`
  return rows.map(({ at_ms, ...row }) => ({ ...row, at: new Date(at_ms) }))
}

/** The change at a position of the log, if it is there. */
export async function readChangeAt(
  db: Client,
  workspaceId: number,
  position: number,
): Promise<IdentifiedChange | null> {
  const rows = await db<Array<{ id: number; position: number; at_ms: number; events: PackedEvent[] }>>`
    /* identity:read-change-at */
    select id, position, date_part('epoch', at) * 1000 as at_ms, events from change
    where workspace_id = ${workspaceId} and position = ${position}`
  return rows.map(({ at_ms, ...row }) => ({ ...row, at: new Date(at_ms) }))[0] ?? null
}
