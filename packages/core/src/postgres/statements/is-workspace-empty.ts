import type { Client } from '../client.ts'

/** Whether a workspace has no contact. */
export async function isWorkspaceEmpty(db: Client, workspaceId: number): Promise<boolean> {
  const [row] = await db<[{ is_empty: boolean }]>`
    /* identity:is-workspace-empty */
    select not exists (select from contact where workspace_id = ${workspaceId}) as is_empty`
  return row.is_empty
}
