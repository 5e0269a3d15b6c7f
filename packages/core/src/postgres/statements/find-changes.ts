import type { Client } from '../client.ts'

/** Where a change stands: its id agrees with the order of what follows from each other; its position is the log's. */
export interface ChangePlace {
  readonly id: number
  readonly position: number | null
}

/**
 * How many changes that began to add contacts before one are looked at for it: others may have drawn ids among its own,
 * few as that takes a moment. More would be read in vain for each contact that no change tells of.
 */
const CHANGES_BACK = 32

/** The changes that added one of the contacts, or are about one of them, in the order of their ids. */
export async function findChanges(
  db: Client,
  workspaceId: number,
  contactIds: readonly number[],
): Promise<ChangePlace[]> {
  const ids = [...contactIds]
  const [added, named] = await Promise.all([
    db<ChangePlace[]>`
      /* identity:find-adding-changes */
      select distinct found.id, found.position
      from unnest(${ids}::bigint[]) as wanted (id)
      cross join lateral (
        select change.id, change.position, change.last_contact_id from change
        where workspace_id = ${workspaceId} and first_contact_id <= wanted.id
        order by first_contact_id desc
        limit ${CHANGES_BACK}
      ) as found
      where found.last_contact_id >= wanted.id`,
    db<ChangePlace[]>`
      /* identity:find-changes-about */
      select id, position from change
      where workspace_id = ${workspaceId} and id = any(array(
        select change_id from subject where workspace_id = ${workspaceId} and contact_id = any(${ids}::bigint[])
      ))`,
  ])
  const byId = new Map([...added, ...named].map((change) => [change.id, change]))
  return [...byId.values()].sort((a, b) => a.id - b.id)
}
