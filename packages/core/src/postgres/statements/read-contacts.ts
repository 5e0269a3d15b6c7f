import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { type ContactRow, contactOfRow } from './contact-row.ts'

/** Contacts by their ids, and nothing of their persons; those that do not exist are left out. */
export async function readContacts(db: Client, workspaceId: number, ids: readonly number[]): Promise<Contact[]> {
  const rows = await db`
    /* identity:read-contacts */
    select id, phone_number, email, linked_id,
      date_part('epoch', created_at) * 1000,
      date_part('epoch', updated_at) * 1000,
      date_part('epoch', deleted_at) * 1000,
      released
    from contact where workspace_id = ${workspaceId} and id = any(${[...ids]}::bigint[])
    order by id`.values()
  return rows.map((row) => contactOfRow(row as unknown as ContactRow))
}
