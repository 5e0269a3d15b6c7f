import type { Client } from './client.ts'
import { isBehind } from './sequence.ts'
import { catchUpSequence } from './statements/catch-up-sequence.ts'
import { type DrawnStamp, drawStamp } from './statements/draw-stamp.ts'

/**
 * Sees to it that a stamp has as many ids as are needed, and that they follow the highest one that exists (rule R5):
 * draws again where too few were drawn, or where rows were put in by hand with ids of their own.
 */
export async function drawEnough(
  client: Client,
  workspaceId: number,
  stamp: DrawnStamp,
  needed: number,
): Promise<void> {
  if (stamp.ids.length < needed) stamp.ids = (await drawStamp(client, workspaceId, needed)).ids
  if (needed === 0 || !isBehind(stamp.ids, stamp.highestId)) return
  await catchUpSequence(client, stamp.highestId)
  stamp.ids = (await drawStamp(client, workspaceId, needed)).ids
}
