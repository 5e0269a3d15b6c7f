import type { Client } from '../client.ts'
import { type Claim, sortClaims } from './insert-identifiers.ts'

/** What `insertIdentifiers` does, but leaves alone what has a row. @returns how many rows were made */
export async function claimIdentifiers(db: Client, workspaceId: number, claims: readonly Claim[]): Promise<number> {
  const sorted = sortClaims(claims)
  const { count } = await db`
    /* identity:claim-identifiers */
    insert into identifier (workspace_id, kind, value, contact_id)
    select ${workspaceId}, kind, value, contact_id
    from unnest(
      ${sorted.map((claim) => claim.kind)}::text[],
      ${sorted.map((claim) => claim.value)}::text[],
      ${sorted.map((claim) => claim.contactId)}::bigint[]
    ) as claim (kind, value, contact_id)
    on conflict do nothing`
  return count
}
