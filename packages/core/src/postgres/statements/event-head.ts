import type { Client } from '../client.ts'

/** How far a workspace's log has come. */
export interface EventHead {
  readonly lastPosition: number
  /** The last event that is deleted for its age; before all events where none is. */
  readonly deletedPosition: number
  readonly deletedIndex: number
}

/** Before the first event is read. */
const NEW_HEAD: EventHead = { lastPosition: 0, deletedPosition: 0, deletedIndex: -1 }

/** The head as it is now, and whether there are changes that have no position yet. */
export async function readEventHead(
  db: Client,
  workspaceId: number,
): Promise<EventHead & { readonly hasPending: boolean }> {
  const [row] = await db<[{ [Field in keyof EventHead]: number | null } & { hasPending: boolean }]>`
    /* identity:read-event-head */
    select last_position as "lastPosition", deleted_position as "deletedPosition", deleted_index as "deletedIndex",
      exists (select from change where workspace_id = ${workspaceId} and position is null) as "hasPending"
    from (values (1)) as one (n) left join event_head on workspace_id = ${workspaceId}`
  return row.lastPosition === null ? { ...NEW_HEAD, hasPending: row.hasPending } : (row as EventHead & typeof row)
}

/** Locks the log of a workspace against others who would give positions or delete. */
export async function lockEventHead(db: Client, workspaceId: number): Promise<void> {
  const lock = () => db`
    /* identity:lock-event-head */
    select from event_head where workspace_id = ${workspaceId} for update`
  if ((await lock()).length > 0) return
  await db`/* identity:make-event-head */ insert into event_head (workspace_id) values (${workspaceId}) on conflict do nothing`
  await lock()
}
