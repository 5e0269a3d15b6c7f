import type { Separation } from '../../separations.ts'
import type { Client } from '../client.ts'

/** The separations that name one of the contacts, oldest first. Two scans, as one with OR would take more. */
export async function readSeparations(
  db: Client,
  workspaceId: number,
  contactIds: readonly number[],
): Promise<Separation[]> {
  const rows = await db<Array<{ id: number; contact_id: number; other_contact_id: number }>>`
    /* identity:read-separations */
    with found as (
      select id, contact_id, other_contact_id from separation
      where workspace_id = ${workspaceId} and contact_id = any(${[...contactIds]}::bigint[])
      union
      select id, contact_id, other_contact_id from separation
      where workspace_id = ${workspaceId} and other_contact_id = any(${[...contactIds]}::bigint[])
    )
    select id, contact_id, other_contact_id from found order by id`
  return rows.map((row) => ({ id: row.id, contactIds: [row.contact_id, row.other_contact_id] }))
}
