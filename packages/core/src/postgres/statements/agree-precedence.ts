import type { Client } from '../client.ts'

/** Sets contacts' precedence by their links, and takes the links of those away that point at themselves. */
export async function agreePrecedence(
  db: Client,
  workspaceId: number,
  ids: readonly number[],
  at: Date,
): Promise<number> {
  const { count } = await db`
    /* identity:agree-precedence */
    update contact
    set linked_id = nullif(linked_id, id), updated_at = ${at},
      link_precedence = case when nullif(linked_id, id) is null then 'primary' else 'secondary' end
    where workspace_id = ${workspaceId} and id = any(${[...ids]}::bigint[])
      and ((link_precedence = 'primary') <> (linked_id is null) or linked_id = id)`
  return count
}
