import { type Identifier, valuesOfKind } from '../../identifier.ts'
import type { Client } from '../client.ts'

/**
 * Finds the persons that carry one of the identifiers, deleted contacts counted too, and locks them as `lockPrimaries`
 * does, in one statement. A root may have been merged into another while its lock was awaited: read what it is now.
 * @returns the ids that were roots when the statement began
 */
export async function lockPersons(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<number[]> {
  const rows = await db<Array<{ id: number }>>`
    /* identity:lock-persons */
    with matched as materialized (
      select contact_id as id from identifier
      where workspace_id = ${workspaceId} and kind = 'email' and value = any(${valuesOfKind(identifiers, 'email')}::text[])
      union all
      select contact_id as id from identifier
      where workspace_id = ${workspaceId} and kind = 'phone' and value = any(${valuesOfKind(identifiers, 'phone')}::text[])
    ), root as materialized (
      select distinct coalesce(linked_id, id) as id from contact
      where workspace_id = ${workspaceId} and id = any(array(select id from matched))
    )
    select id from contact
    where workspace_id = ${workspaceId} and id = any(array(select id from root))
    order by id
    for no key update`
  return rows.map(({ id }) => id)
}
