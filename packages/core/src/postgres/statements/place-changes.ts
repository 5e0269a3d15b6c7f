import type { Client } from '../client.ts'

/**
 * Gives the oldest changes that are committed and have no position the next ones, in the order of their ids. Under the
 * lock of the log's head, and in a statement after it, which sees what was committed before the lock was had.
 */
export async function placeChanges(db: Client, workspaceId: number, limit: number): Promise<void> {
  await Promise.all([
    db`
      /* identity:place-changes */
      with head as materialized (
        select last_position from event_head where workspace_id = ${workspaceId}
      ), pending as materialized (
        select array(
          select id from change where workspace_id = ${workspaceId} and position is null order by id limit ${limit}
        ) as ids
      )
      update change
      set position = (select last_position from head) + array_position((select ids from pending), id)
      where workspace_id = ${workspaceId} and id = any((select ids from pending)::bigint[])`,
    db`
      /* identity:advance-event-head */
      update event_head
      set last_position = greatest(last_position, (select max(position) from change where workspace_id = ${workspaceId}))
      where workspace_id = ${workspaceId}`,
  ])
}
