import type { Bridge } from '../../bridge.ts'
import type { Client } from '../client.ts'

/** Every bridge that one of the contacts is an end of, once each, in the order in which they were made. */
export async function readBridges(db: Client, workspaceId: number, contactIds: readonly number[]): Promise<Bridge[]> {
  // Two scans, as one with OR would take more (docs/decisions/0010-plans-without-scans.md).
  const rows = await db<Array<{ email_contact_id: number; phone_contact_id: number; at_ms: number }>>`
    /* identity:read-bridges */
    with found as (
      select email_contact_id, phone_contact_id, at from bridge
      where workspace_id = ${workspaceId} and email_contact_id = any(${[...contactIds]}::bigint[])
      union
      select email_contact_id, phone_contact_id, at from bridge
      where workspace_id = ${workspaceId} and phone_contact_id = any(${[...contactIds]}::bigint[])
    )
    select email_contact_id, phone_contact_id, date_part('epoch', at) * 1000 as at_ms from found
    order by at, email_contact_id, phone_contact_id`
  return rows.map((row) => ({
    emailContactId: row.email_contact_id,
    phoneContactId: row.phone_contact_id,
    at: new Date(row.at_ms),
  }))
}
