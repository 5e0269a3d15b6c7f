import type { IdentityEvent, Origin } from '../../event.ts'
import type { Client } from '../client.ts'
import { drawStamp } from '../statements/draw-stamp.ts'
import { insertChange } from '../statements/insert-change.ts'

/** Writes one event as of now, in a transaction that adds and moves no contact. */
export async function recordEvent(
  db: Client,
  workspaceId: number,
  event: IdentityEvent,
  origin: Origin,
): Promise<void> {
  const { at } = await drawStamp(db, workspaceId, 0)
  await insertChange(db, workspaceId, [{ event, origin }], at)
}
