import type { Identifier } from '../../identifier.ts'
import type { Client } from '../client.ts'

/** An identifier and the contact that is the first to carry it. */
export interface Claim extends Identifier {
  readonly contactId: number
}

/**
 * Inserts identifiers in one order for all, so that two transactions never wait for each other in a circle.
 * @throws 23505 where another transaction claimed one first.
 */
export async function insertIdentifiers(db: Client, workspaceId: number, claims: readonly Claim[]): Promise<void> {
  const sorted = sortClaims(claims)
  await db`
    /* identity:insert-identifiers */
    insert into identifier (workspace_id, kind, value, contact_id)
    select ${workspaceId}, kind, value, contact_id
    from unnest(
      ${sorted.map((claim) => claim.kind)}::text[],
      ${sorted.map((claim) => claim.value)}::text[],
      ${sorted.map((claim) => claim.contactId)}::bigint[]
    ) as claim (kind, value, contact_id)`
}

/** In the one order in which all transactions insert. */
export function sortClaims(claims: readonly Claim[]): Claim[] {
  return claims.toSorted((a, b) => compare(a.kind, b.kind) || compare(a.value, b.value))
}

/** By code unit: the same order in every process, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
