import type { Client } from '../client.ts'

/** How many contacts a workspace has, and how many values they claim. */
export async function countRows(
  db: Client,
  workspaceId: number,
): Promise<{ readonly contacts: number; readonly identifiers: number }> {
  const [row] = await db<[{ contacts: number; identifiers: number }]>`
    /* identity:count-rows */
    select count(*) as contacts, count(claimed) + count(*) filter (where claimed = 'both') as identifiers
    from contact where workspace_id = ${workspaceId}`
  return row
}
