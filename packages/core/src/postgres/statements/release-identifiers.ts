import type { Identifier } from '../../identifier.ts'
import type { Client } from '../client.ts'

/** Removes identifier rows that name a deleted contact, to make way for the contact that claims them now (rule R6). */
export async function releaseIdentifiers(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<void> {
  // Two lists instead of pairs, as both then lead into the index; a row named by accident is as free to go.
  await db`
    /* identity:release-identifiers */
    delete from identifier i
    where i.workspace_id = ${workspaceId}
      and i.kind = any(${identifiers.map((identifier) => identifier.kind)}::text[])
      and i.value = any(${identifiers.map((identifier) => identifier.value)}::text[])
      and exists (
        select from contact where workspace_id = ${workspaceId} and id = i.contact_id and deleted_at is not null offset 0
      )`
}
