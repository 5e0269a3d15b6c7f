import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'

/**
 * So many contacts a statement: `array_position` looks through the list for each of them, and a join with it would read
 * the whole workspace (docs/decisions/0010-plans-without-scans.md).
 */
const CONTACTS_AT_ONCE = 500

/**
 * Points contacts where they point now, and notes when that was (rule R3): those that a merge moved, and the primaries
 * that survived it, which point nowhere as before. One statement for all, as each reads the table's checks anew.
 */
export async function relinkContacts(
  db: Client,
  workspaceId: number,
  contacts: ReadonlyArray<Pick<Contact, 'id' | 'linkedId'>>,
  at: Date,
): Promise<void> {
  for (let start = 0; start < contacts.length; start += CONTACTS_AT_ONCE) {
    const some = contacts.slice(start, start + CONTACTS_AT_ONCE)
    const ids = some.map(({ id }) => id)
    const primaryIds = some.filter(({ linkedId }) => linkedId === null).map(({ id }) => id)
    await db`
      /* identity:relink-contacts */
      update contact set
        linked_id = (${some.map(({ linkedId }) => linkedId)}::bigint[])[array_position(${ids}::bigint[], id)],
        link_precedence = case when id = any(${primaryIds}::bigint[]) then 'primary' else 'secondary' end,
        updated_at = ${at}
      where workspace_id = ${workspaceId} and id = any(${ids}::bigint[])`
  }
}
