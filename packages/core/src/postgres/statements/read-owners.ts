import { type Identifier, valuesOfKind } from '../../identifier.ts'
import type { Client } from '../client.ts'

/** The contacts that the identifiers' rows name, each once. Two scans, as one with OR would take more. */
export async function readOwners(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<number[]> {
  const rows = await db<Array<{ contact_id: number }>>`
    /* identity:read-owners */
    select contact_id from identifier
    where workspace_id = ${workspaceId} and kind = 'email' and value = any(${valuesOfKind(identifiers, 'email')}::text[])
    union
    select contact_id from identifier
    where workspace_id = ${workspaceId} and kind = 'phone' and value = any(${valuesOfKind(identifiers, 'phone')}::text[])`
  return rows.map(({ contact_id }) => contact_id)
}
