import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { contactColumns, contactsOfRows } from './contact-row.ts'

/** All contacts that point at one of the roots, deleted ones included. */
export async function readSecondaries(db: Client, workspaceId: number, rootIds: readonly number[]): Promise<Contact[]> {
  const rows = await db`
    /* identity:read-secondaries */
    select ${contactColumns(db)} from contact
    where workspace_id = ${workspaceId} and linked_id = any(${[...rootIds]}::bigint[])`.values()
  return contactsOfRows(rows)
}
