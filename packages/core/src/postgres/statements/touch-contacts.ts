import type { Client } from '../client.ts'

/** Notes on the primaries that survived a merge when it happened (rule R3). */
export async function touchContacts(db: Client, workspaceId: number, ids: readonly number[], at: Date): Promise<void> {
  await db`
    /* identity:touch-contacts */
    update contact set updated_at = ${at} where workspace_id = ${workspaceId} and id = any(${[...ids]}::bigint[])`
}
