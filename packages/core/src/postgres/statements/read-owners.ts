import { type Identifier, valuesOfKind } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { claims } from './claims.ts'

/** The contacts that claim the identifiers, each once. Two scans, as one with OR would take more. */
export async function readOwners(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<number[]> {
  const rows = await db<Array<{ id: number }>>`
    /* identity:read-owners */
    select id from contact
    where workspace_id = ${workspaceId} and ${claims(db, 'email')}
      and email = any(${valuesOfKind(identifiers, 'email')}::text[])
    union
    select id from contact
    where workspace_id = ${workspaceId} and ${claims(db, 'phone')}
      and phone_number = any(${valuesOfKind(identifiers, 'phone')}::text[])`
  return rows.map(({ id }) => id)
}
