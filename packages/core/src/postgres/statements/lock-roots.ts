import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { contactColumns, contactsOfRows } from './contact-row.ts'

/**
 * `lockPrimaries` that returns the rows, as they are once they are locked: one of them is no root any more where its person
 * was merged meanwhile.
 */
export async function lockRoots(db: Client, workspaceId: number, rootIds: readonly number[]): Promise<Contact[]> {
  const rows = await db`
    /* identity:lock-roots */
    select ${contactColumns(db)} from contact
    where workspace_id = ${workspaceId} and id = any(${[...rootIds]}::bigint[])
    order by id
    for no key update`.values()
  return contactsOfRows(rows)
}
