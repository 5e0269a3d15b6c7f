import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { contactColumns, contactsOfRows } from './contact-row.ts'

/** Contacts by their ids, and nothing of their persons; those that do not exist are left out. */
export async function readContacts(db: Client, workspaceId: number, ids: readonly number[]): Promise<Contact[]> {
  const rows = await db`
    /* identity:read-contacts */
    select ${contactColumns(db)}
    from contact where workspace_id = ${workspaceId} and id = any(${[...ids]}::bigint[])
    order by id`.values()
  return contactsOfRows(rows)
}
