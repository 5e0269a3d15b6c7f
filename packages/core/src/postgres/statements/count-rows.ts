import type { Client } from '../client.ts'

/** How many contacts and identifier rows a workspace has. */
export async function countRows(
  db: Client,
  workspaceId: number,
): Promise<{ readonly contacts: number; readonly identifiers: number }> {
  const [row] = await db<[{ contacts: number; identifiers: number }]>`
    /* identity:count-rows */
    select (select count(*) from contact where workspace_id = ${workspaceId}) as contacts,
      (select count(*) from identifier where workspace_id = ${workspaceId}) as identifiers`
  return row
}
