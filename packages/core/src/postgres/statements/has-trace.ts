import type { Client } from '../client.ts'

/** Whether one of these contacts bears the time of a transaction that is to have made or changed them. */
export async function hasTrace(db: Client, workspaceId: number, ids: readonly number[], at: Date): Promise<boolean> {
  const [row] = await db<[{ has_trace: boolean }]>`
    /* identity:has-trace */
    select exists (
      select from contact
      where workspace_id = ${workspaceId} and id = any(${[...ids]}::bigint[])
        and (created_at = ${at} or updated_at = ${at})
    ) as has_trace`
  return row.has_trace
}
