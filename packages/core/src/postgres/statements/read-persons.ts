import type { PendingQuery } from 'postgres'
import type { Contact } from '../../contact.ts'
import type { Identifier } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { type ContactRow, contactOfRow } from './contact-row.ts'

/**
 * Every contact of every person that carries one of the identifiers, deleted ones included. One statement, so one
 * snapshot: identifier → contact → its root → all contacts of that root.
 */
export async function readPersons(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<Contact[]> {
  const kinds = identifiers.map((identifier) => identifier.kind)
  const values = identifiers.map((identifier) => identifier.value)
  const rows = await db<ContactRow[]>`
    /* identity:read-persons */
    with root as (
      select distinct coalesce(c.linked_id, c.id) as id
      from unnest(${kinds}::text[], ${values}::text[]) as wanted (kind, value)
      join identifier i on i.workspace_id = ${workspaceId} and i.kind = wanted.kind and i.value = wanted.value
      join contact c on c.workspace_id = ${workspaceId} and c.id = i.contact_id
    )
    ${contactsOfRoots(db, workspaceId)}`
  return rows.map(contactOfRow)
}

/** Every contact of the person that a contact belongs to, deleted ones included; none where the id is unknown. */
export async function readPersonOfContact(db: Client, workspaceId: number, contactId: number): Promise<Contact[]> {
  const rows = await db<ContactRow[]>`
    /* identity:read-person-of-contact */
    with root as (
      select coalesce(linked_id, id) as id from contact where workspace_id = ${workspaceId} and id = ${contactId}
    )
    ${contactsOfRoots(db, workspaceId)}`
  return rows.map(contactOfRow)
}

/** The second half of both statements: from `root (id)` to rows. Two joins, as one with OR would scan. */
function contactsOfRoots(db: Client, workspaceId: number): PendingQuery<ContactRow[]> {
  return db<ContactRow[]>`
    , member as (
      select c.* from root join contact c on c.workspace_id = ${workspaceId} and c.id = root.id
      union all
      select c.* from root join contact c on c.workspace_id = ${workspaceId} and c.linked_id = root.id
    )
    select id, phone_number, email, linked_id,
      date_part('epoch', created_at) * 1000 as created_ms,
      date_part('epoch', updated_at) * 1000 as updated_ms,
      date_part('epoch', deleted_at) * 1000 as deleted_ms
    from member`
}
