import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'

/** Takes values off contacts that keep another. @param contacts in their new form, without them */
export async function scrubContacts(
  db: Client,
  workspaceId: number,
  contacts: readonly Contact[],
  at: Date,
): Promise<void> {
  const idsWithout = (field: 'email' | 'phoneNumber') =>
    contacts.filter((contact) => contact[field] === null).map(({ id }) => id)
  await db`
    /* identity:scrub-contacts */
    update contact set
      email = case when id = any(${idsWithout('email')}::bigint[]) then null else email end,
      phone_number = case when id = any(${idsWithout('phoneNumber')}::bigint[]) then null else phone_number end,
      updated_at = ${at}
    where workspace_id = ${workspaceId} and id = any(${contacts.map(({ id }) => id)}::bigint[])`
}
