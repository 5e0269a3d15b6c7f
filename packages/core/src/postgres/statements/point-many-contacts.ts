import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'

/** What `pointContacts` does, for contacts of many persons in one statement. */
export async function pointManyContacts(
  db: Client,
  workspaceId: number,
  contacts: readonly Contact[],
  at: Date,
): Promise<void> {
  const ids = contacts.map((contact) => contact.id)
  // Not a join with the list, which would read the whole workspace (docs/decisions/0010-plans-without-scans.md).
  await db`
    /* identity:point-many-contacts */
    update contact
    set linked_id = (${contacts.map((contact) => contact.linkedId)}::bigint[])[array_position(${ids}::bigint[], id)],
      link_precedence = 'secondary', updated_at = ${at}
    where workspace_id = ${workspaceId} and id = any(${ids}::bigint[])`
}
