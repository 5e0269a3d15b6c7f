import type { Contact } from '../../contact.ts'
import type { Client } from '../client.ts'

/** Writes what merges changed: where contacts point now, and the time. */
export async function updateLinks(
  db: Client,
  workspaceId: number,
  contacts: readonly Contact[],
  at: Date,
): Promise<void> {
  await db`
    /* identity:update-links */
    update contact c
    set linked_id = changed.linked_id,
      link_precedence = case when changed.linked_id is null then 'primary' else 'secondary' end,
      updated_at = ${at}
    from unnest(
      ${contacts.map((contact) => contact.id)}::bigint[],
      ${contacts.map((contact) => contact.linkedId)}::bigint[]
    ) as changed (id, linked_id)
    where c.workspace_id = ${workspaceId} and c.id = changed.id`
}
