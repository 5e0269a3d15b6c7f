import type { Client } from '../client.ts'

/**
 * Keeps two contacts apart, and tells whoever holds a copy of the workspace's policy that there are separations now.
 * @returns the separation's id; that of the one there is, where they are kept apart already
 */
export async function insertSeparation(
  db: Client,
  workspaceId: number,
  contactIds: readonly [number, number],
  { actor, at }: { readonly actor: string | null; readonly at: Date },
): Promise<number> {
  const [low, high] = contactIds[0] < contactIds[1] ? contactIds : [contactIds[1], contactIds[0]]
  await db`
    /* identity:note-separations */
    insert into policy as p (workspace_id, has_separations, updated_at) values (${workspaceId}, true, ${at})
    on conflict (workspace_id) do update set has_separations = true, version = p.version + 1, updated_at = ${at}`
  // Updated to what it is, so that the id comes back where the pair is there already.
  const [row] = await db<[{ id: number }]>`
    /* identity:insert-separation */
    insert into separation (workspace_id, contact_id, other_contact_id, created_at, actor)
    values (${workspaceId}, ${low}, ${high}, ${at}, ${actor})
    on conflict (workspace_id, contact_id, other_contact_id) do update set contact_id = excluded.contact_id
    returning id`
  return row.id
}
