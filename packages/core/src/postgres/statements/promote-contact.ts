import type { Client } from '../client.ts'

/** Makes a secondary a primary. Whoever else is of its person must point at it before the transaction ends. */
export async function promoteContact(db: Client, workspaceId: number, id: number, at: Date): Promise<void> {
  await db`
    /* identity:promote-contact */
    update contact set linked_id = null, link_precedence = 'primary', updated_at = ${at}
    where workspace_id = ${workspaceId} and id = ${id}`
}
