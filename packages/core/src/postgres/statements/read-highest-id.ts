import type { Client } from '../client.ts'

/** The highest contact id of the workspace; 0 where it has none. */
export async function readHighestId(db: Client, workspaceId: number): Promise<number> {
  const [row] = await db<[{ id: number | null }]>`
    /* identity:read-highest-id */
    select max(id) as id from contact where workspace_id = ${workspaceId}`
  return row.id ?? 0
}
