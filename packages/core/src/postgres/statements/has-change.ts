import type { Client } from '../client.ts'

/** Whether a change is there: whatever else its transaction wrote is there with it. */
export async function hasChange(db: Client, workspaceId: number, changeId: number): Promise<boolean> {
  const [row] = await db<[{ has_change: boolean }]>`
    /* identity:has-change */
    select exists (select from change where workspace_id = ${workspaceId} and id = ${changeId}) as has_change`
  return row.has_change
}
