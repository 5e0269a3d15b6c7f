import type { Client } from '../client.ts'

/** Makes contacts secondaries of a primary. */
export async function pointContacts(
  db: Client,
  workspaceId: number,
  ids: readonly number[],
  primaryId: number,
  at: Date,
): Promise<void> {
  await db`
    /* identity:point-contacts */
    update contact
    set linked_id = ${primaryId}, link_precedence = 'secondary', updated_at = ${at}
    where workspace_id = ${workspaceId} and id = any(${[...ids]}::bigint[])`
}
