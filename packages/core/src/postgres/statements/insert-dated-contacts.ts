import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import type { ClaimCode } from './claims.ts'

/**
 * Inserts new contacts of orders that carry their own times. A statement of its own, so that live traffic sends none.
 * @param claimed what each of them claims
 */
export async function insertDatedContacts(
  db: Client,
  workspaceId: number,
  contacts: readonly Contact[],
  claimed: ReadonlyArray<ClaimCode | null>,
  at: Date,
): Promise<void> {
  await db`
    /* identity:insert-dated-contacts */
    insert into contact
      (workspace_id, id, email, phone_number, linked_id, link_precedence, created_at, updated_at, claimed)
    select ${workspaceId}, id, email, phone_number, linked_id,
      case when linked_id is null then 'primary' else 'secondary' end, to_timestamp(created_ms / 1000.0), ${at}, claimed
    from unnest(
      ${contacts.map((contact) => contact.id)}::bigint[],
      ${contacts.map((contact) => contact.email)}::text[],
      ${contacts.map((contact) => contact.phoneNumber)}::text[],
      ${contacts.map((contact) => contact.linkedId)}::bigint[],
      ${contacts.map((contact) => contact.createdAt.getTime())}::bigint[],
      ${[...claimed]}::text[]
    ) as added (id, email, phone_number, linked_id, created_ms, claimed)`
}
