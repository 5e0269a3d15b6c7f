import type { Client } from '../client.ts'
import type { ChangeAge } from './read-change-ages.ts'

/** Deletes all changes up to one, and notes how far. Under the lock of the log's head. */
export async function deleteChanges(db: Client, workspaceId: number, { position, size }: ChangeAge): Promise<void> {
  await Promise.all([
    db`
      /* identity:delete-subjects */
      delete from subject where workspace_id = ${workspaceId} and change_id = any(array(
        select id from change where workspace_id = ${workspaceId} and position <= ${position}
      ))`,
    db`
      /* identity:delete-changes */
      delete from change where workspace_id = ${workspaceId} and position <= ${position}`,
    db`
      /* identity:note-deletion */
      update event_head set deleted_position = ${position}, deleted_index = ${size - 1}
      where workspace_id = ${workspaceId}`,
  ])
}
