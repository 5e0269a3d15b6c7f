import type { Client } from '../client.ts'
import type { ContactPage } from './check-contacts.ts'
import type { ClaimCode } from './claims.ts'

/** What a contact says and claims, without what it is linked to. */
export interface ContactValues {
  readonly id: number
  readonly email: string | null
  readonly phoneNumber: string | null
  readonly isDeleted: boolean
  readonly claimed: ClaimCode | null
}

/** The next contacts after one, in the order of their ids. */
export async function readContactPage(
  db: Client,
  { workspaceId, afterId, limit }: ContactPage,
): Promise<ContactValues[]> {
  return db<ContactValues[]>`
    /* identity:read-contact-page */
    select id, email, phone_number as "phoneNumber", deleted_at is not null as "isDeleted", claimed
    from contact
    where workspace_id = ${workspaceId} and id > ${afterId}
    order by id
    limit ${limit}`
}
