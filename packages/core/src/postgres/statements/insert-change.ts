import type { WrittenEvent } from '../../event.ts'
import { packEvents } from '../../packed-events.ts'
import type { Client } from '../client.ts'

/** Writes what a transaction has done as events. Sent while it holds its locks, as the change's id is drawn here. */
export async function insertChange(
  db: Client,
  workspaceId: number,
  events: readonly WrittenEvent[],
  at: Date,
): Promise<void> {
  await db`
    /* identity:insert-change */
    insert into change (workspace_id, at, size, events)
    values (${workspaceId}, ${at}, ${events.length}, ${packEvents(events)}::text::jsonb)`
}
