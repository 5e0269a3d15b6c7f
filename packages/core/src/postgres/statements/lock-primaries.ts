import type { Client } from '../client.ts'

/**
 * Locks persons by their roots' rows, in the order of their ids, so that two transactions never wait for each other
 * in a circle. Not FOR UPDATE: the foreign keys of new secondaries must not wait for it.
 */
export async function lockPrimaries(db: Client, workspaceId: number, rootIds: readonly number[]): Promise<void> {
  await db`
    /* identity:lock-primaries */
    select id from contact
    where workspace_id = ${workspaceId} and id = any(${[...rootIds]}::bigint[])
    order by id
    for no key update`
}
