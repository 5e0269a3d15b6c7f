import type { Identifier } from '../../identifier.ts'
import type { Client } from '../client.ts'

/**
 * Removes those of the identifiers' rows that name a contact which their value does not link, or none.
 * @param by who counts as a carrier: any contact, or those alone that are not deleted
 * @returns how many rows were removed
 */
export async function removeUncarried(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
  by: 'any' | 'live',
): Promise<number> {
  // Two lists instead of pairs, as in `releaseIdentifiers`.
  const { count } = await db`
    /* identity:remove-uncarried */
    delete from identifier i
    where i.workspace_id = ${workspaceId}
      and i.kind = any(${identifiers.map((identifier) => identifier.kind)}::text[])
      and i.value = any(${identifiers.map((identifier) => identifier.value)}::text[])
      and not exists (
        select from contact o
        where o.workspace_id = ${workspaceId} and o.id = i.contact_id and (${by} = 'any' or o.deleted_at is null)
          and case i.kind when 'email' then o.email else o.phone_number end = i.value
          and o.released is distinct from i.kind and o.released is distinct from 'both' offset 0
      )`
  return count
}
