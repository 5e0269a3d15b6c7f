import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { type Claim, claimCodes } from './claims.ts'
import { insertDatedContacts } from './insert-dated-contacts.ts'

/**
 * Inserts new contacts, written at one moment, with what they claim: the index of each kind lets nobody claim what
 * another contact does. In the order of their values, so that two transactions that bring the same customers wait for
 * each other in one order, not in a circle.
 * @param at when they are written; also when they were made, unless an order brought a time of its own
 * @throws 23505 where another transaction claimed a value first
 */
export async function insertContacts(
  db: Client,
  workspaceId: number,
  contacts: readonly Contact[],
  claims: readonly Claim[],
  at: Date,
): Promise<void> {
  const sorted = contacts.toSorted(compareValues)
  const codes = claimCodes(claims)
  const claimed = sorted.map(({ id }) => codes.get(id) ?? null)
  if (sorted.some((contact) => contact.createdAt !== at)) {
    await insertDatedContacts(db, workspaceId, sorted, claimed, at)
    return
  }
  await db`
    /* identity:insert-contacts */
    insert into contact
      (workspace_id, id, email, phone_number, linked_id, link_precedence, created_at, updated_at, claimed)
    select ${workspaceId}, id, email, phone_number, linked_id,
      case when linked_id is null then 'primary' else 'secondary' end, ${at}, ${at}, claimed
    from unnest(
      ${sorted.map((contact) => contact.id)}::bigint[],
      ${sorted.map((contact) => contact.email)}::text[],
      ${sorted.map((contact) => contact.phoneNumber)}::text[],
      ${sorted.map((contact) => contact.linkedId)}::bigint[],
      ${claimed}::text[]
    ) as added (id, email, phone_number, linked_id, claimed)`
}

function compareValues(a: Contact, b: Contact): number {
  return compare(a.email, b.email) || compare(a.phoneNumber, b.phoneNumber)
}

/** By code unit: the same order in every process, whatever its locale. */
function compare(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}
