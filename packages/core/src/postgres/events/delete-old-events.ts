import { inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
import { deleteChanges } from '../statements/delete-changes.ts'
import { lockEventHead } from '../statements/event-head.ts'
import { readChangeAges, readPendingAge } from '../statements/read-change-ages.ts'
import { begin, commit } from '../transaction.ts'
import { giveEventPositions } from './read-events.ts'

const CHANGES_AT_ONCE = 1_000

/**
 * Deletes a workspace's oldest events, one bounded step in a short transaction. Only from the front of the log, so that
 * a cursor either leads to all that follows it or is refused; what nobody has read yet gets its position first.
 * @returns whether there may be more to delete
 */
export async function deleteOldEvents(pool: Pool, workspaceId: number, before: Date): Promise<boolean> {
  return inWorkspace(pool, workspaceId, async (client) => {
    const pendingAt = await readPendingAge(client, workspaceId)
    const hasOldPending = pendingAt !== null && pendingAt < before
    if (hasOldPending) await giveEventPositions(client, workspaceId)
    await begin(client)
    await lockEventHead(client, workspaceId)
    const ages = await readChangeAges(client, workspaceId, CHANGES_AT_ONCE)
    const firstKept = ages.findIndex(({ at }) => at >= before)
    const lastOld = ages.at(firstKept === -1 ? -1 : firstKept - 1)
    if (lastOld && firstKept !== 0) await deleteChanges(client, workspaceId, lastOld)
    await commit(client)
    return hasOldPending || (firstKept === -1 && ages.length === CHANGES_AT_ONCE)
  })
}
