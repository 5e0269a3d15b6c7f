import type { Client } from '../client.ts'
import type { ContactPage } from './check-contacts.ts'

/** What a contact says, without what it is linked to. */
export interface ContactValues {
  readonly id: number
  readonly email: string | null
  readonly phoneNumber: string | null
  readonly isDeleted: boolean
}

/** The next contacts after one, in the order of their ids. */
export async function readContactPage(
  db: Client,
  { workspaceId, afterId, limit }: ContactPage,
): Promise<ContactValues[]> {
  return db<ContactValues[]>`
    /* identity:read-contact-page */
    select id, email, phone_number as "phoneNumber", deleted_at is not null as "isDeleted" from contact
    where workspace_id = ${workspaceId} and id > ${afterId}
    order by id
    limit ${limit}`
}
