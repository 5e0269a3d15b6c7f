import type { Client } from '../client.ts'

/**
 * Finds the roots of the persons that contacts are of, deleted ones counted too, and locks them as `lockPrimaries` does,
 * in one statement. A person may have been merged or split while its lock was awaited: read what it is now.
 * @returns the ids that were roots when the statement began
 */
export async function lockPersonsOfContacts(
  db: Client,
  workspaceId: number,
  contactIds: readonly number[],
): Promise<number[]> {
  const rows = await db<Array<{ id: number }>>`
    /* identity:lock-persons-of-contacts */
    with root as materialized (
      select distinct coalesce(linked_id, id) as id from contact
      where workspace_id = ${workspaceId} and id = any(${[...contactIds]}::bigint[])
    )
    select id from contact
    where workspace_id = ${workspaceId} and id = any(array(select id from root))
    order by id
    for no key update`
  return rows.map(({ id }) => id)
}
