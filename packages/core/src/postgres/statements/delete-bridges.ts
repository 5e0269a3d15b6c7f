import type { Bridge } from '../../bridge.ts'
import type { Client } from '../client.ts'

/** Forgets bridges. */
export async function deleteBridges(db: Client, workspaceId: number, bridges: readonly Bridge[]): Promise<void> {
  // Two lists lead into the index; the pair decides.
  await db`
    /* identity:delete-bridges */
    delete from bridge
    where workspace_id = ${workspaceId}
      and email_contact_id = any(${bridges.map((bridge) => bridge.emailContactId)}::bigint[])
      and phone_contact_id = any(${bridges.map((bridge) => bridge.phoneContactId)}::bigint[])
      and array[email_contact_id, phone_contact_id]::text = any(${bridges.map(
        ({ emailContactId, phoneContactId }) => `{${emailContactId},${phoneContactId}}`,
      )}::text[])`
}
