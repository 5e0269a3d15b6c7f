import { IDENTIFIER_KINDS, type IdentifierKind } from '../../identifier.ts'
import type { Client } from '../client.ts'
import type { Claim } from './claims.ts'

/**
 * Makes contacts, which a transaction has locked, the ones that answer for values of theirs.
 * @returns how many claims were made
 * @throws 23505 where another contact claims one of the values
 */
export async function claimIdentifiers(db: Client, workspaceId: number, claims: readonly Claim[]): Promise<number> {
  let count = 0
  for (const kind of IDENTIFIER_KINDS) {
    const contactIds = claims.filter((claim) => claim.kind === kind).map(({ contactId }) => contactId)
    if (contactIds.length > 0) count += await claimKind(db, workspaceId, kind, contactIds)
  }
  return count
}

async function claimKind(db: Client, workspaceId: number, kind: IdentifierKind, contactIds: number[]): Promise<number> {
  const { count } = await db`
    /* identity:claim-identifiers */
    update contact set claimed = case when claimed is null or claimed = ${kind} then ${kind} else 'both' end
    where workspace_id = ${workspaceId} and id = any(${contactIds}::bigint[])`
  return count
}
