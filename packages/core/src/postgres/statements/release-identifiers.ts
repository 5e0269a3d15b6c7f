import type { Identifier } from '../../identifier.ts'
import type { Client } from '../client.ts'

/** Removes identifier rows that name a deleted contact, to make way for the contact that claims them now (rule R6). */
export async function releaseIdentifiers(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<void> {
  await db`
    /* identity:release-identifiers */
    delete from identifier i
    using unnest(
      ${identifiers.map((identifier) => identifier.kind)}::text[],
      ${identifiers.map((identifier) => identifier.value)}::text[]
    ) as released (kind, value), contact c
    where i.workspace_id = ${workspaceId} and i.kind = released.kind and i.value = released.value
      and c.workspace_id = ${workspaceId} and c.id = i.contact_id and c.deleted_at is not null`
}
