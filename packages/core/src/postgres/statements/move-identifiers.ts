import type { Client } from '../client.ts'
import { type Claim, sortClaims } from './insert-identifiers.ts'

const CLAIMS_AT_ONCE = 500

/**
 * Makes identifiers' rows name other contacts of those that a transaction has locked. Rows that name anybody else, or are
 * not there, are left alone: a deleted contact's value may have found a new owner meanwhile.
 * @param contactIds all contacts of the persons that are locked
 */
export async function moveIdentifiers(
  db: Client,
  workspaceId: number,
  claims: readonly Claim[],
  contactIds: readonly number[],
): Promise<void> {
  const sorted = sortClaims(claims)
  for (const kind of ['email', 'phone'] as const) {
    const ofKind = sorted.filter((claim) => claim.kind === kind)
    for (let start = 0; start < ofKind.length; start += CLAIMS_AT_ONCE) {
      const some = ofKind.slice(start, start + CLAIMS_AT_ONCE)
      const values = some.map(({ value }) => value)
      await db`
        /* identity:move-identifiers */
        update identifier
        set contact_id = (${some.map(({ contactId }) => contactId)}::bigint[])[array_position(${values}::text[], value)]
        where workspace_id = ${workspaceId} and kind = ${kind} and value = any(${values}::text[])
          and contact_id = any(${[...contactIds]}::bigint[])`
    }
  }
}
