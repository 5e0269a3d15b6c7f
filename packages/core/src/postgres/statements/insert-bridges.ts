import type { Bridge } from '../../bridge.ts'
import type { Client } from '../client.ts'

/** Keeps bridges. The same one may come again, where a person was split and joined anew: it keeps its first time. */
export async function insertBridges(
  db: Client,
  workspaceId: number,
  bridges: readonly Bridge[],
  at: Date,
): Promise<void> {
  await db`
    /* identity:insert-bridges */
    insert into bridge (workspace_id, email_contact_id, phone_contact_id, at)
    select ${workspaceId}, email_contact_id, phone_contact_id, ${at}
    from unnest(
      ${bridges.map((bridge) => bridge.emailContactId)}::bigint[],
      ${bridges.map((bridge) => bridge.phoneContactId)}::bigint[]
    ) as bridge (email_contact_id, phone_contact_id)
    on conflict do nothing`
}
