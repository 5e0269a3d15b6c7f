import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'
import { someAtATime } from './some-at-a-time.ts'

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
  for (const some of someAtATime(contacts)) {
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
