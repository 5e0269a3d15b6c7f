import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { contactColumns, contactsOfRows } from './contact-row.ts'

/** Deleted contacts of a workspace: so many, in the order of their deletion, from after one; null: the first. */
export interface DeletedPage {
  readonly workspaceId: number
  readonly after: Contact | null
  readonly limit: number
}

/** The next deleted contacts after one. Who is deleted meanwhile comes last. */
export async function readDeletedPage(db: Client, { workspaceId, after, limit }: DeletedPage): Promise<Contact[]> {
  const deletedAt = after?.deletedAt?.toISOString() ?? '-infinity'
  const rows = await db`
    /* identity:read-deleted-page */
    select ${contactColumns(db)}
    from contact
    where workspace_id = ${workspaceId} and deleted_at is not null
      and (deleted_at, id) > (${deletedAt}::text::timestamptz, ${after?.id ?? 0})
    order by deleted_at, id
    limit ${limit}`.values()
  return contactsOfRows(rows)
}
