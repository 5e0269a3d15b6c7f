import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { insertDatedContacts } from './insert-dated-contacts.ts'

/**
 * Inserts new contacts, written at one moment.
 * @param at when they are written; also when they were made, unless an order brought a time of its own
 */
export async function insertContacts(
  db: Client,
  workspaceId: number,
  contacts: readonly Contact[],
  at: Date,
): Promise<void> {
  if (contacts.some((contact) => contact.createdAt !== at)) {
    await insertDatedContacts(db, workspaceId, contacts, at)
    return
  }
  await db`
    /* identity:insert-contacts */
    insert into contact
      (workspace_id, id, email, phone_number, linked_id, link_precedence, created_at, updated_at)
    select ${workspaceId}, id, email, phone_number, linked_id,
      case when linked_id is null then 'primary' else 'secondary' end, ${at}, ${at}
    from unnest(
      ${contacts.map((contact) => contact.id)}::bigint[],
      ${contacts.map((contact) => contact.email)}::text[],
      ${contacts.map((contact) => contact.phoneNumber)}::text[],
      ${contacts.map((contact) => contact.linkedId)}::bigint[]
    ) as added (id, email, phone_number, linked_id)`
}
