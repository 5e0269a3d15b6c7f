import type { PendingQuery } from 'postgres'
import type { Contact } from '../../contact.ts'
import type { Identifier } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { type ContactRow, contactOfRow } from './contact-row.ts'

/*
 * `lateral (… offset 0)` is a fence: each look-up is planned by itself, with its whole key. As plain joins, planned
 * while the tables were empty, these read a whole workspace and filter (docs/decisions/0010-plans-without-scans.md).
 */

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
      cross join lateral (
        select contact_id from identifier
        where workspace_id = ${workspaceId} and kind = wanted.kind and value = wanted.value offset 0
      ) i
      cross join lateral (
        select id, linked_id from contact where workspace_id = ${workspaceId} and id = i.contact_id offset 0
      ) c
    )
    ${contactsOfRoots(db, workspaceId)}`
  return rows.map(contactOfRow)
}

/** Every contact of the persons that contacts belong to, deleted ones included; none for an id that is unknown. */
export async function readPersonsOfContacts(
  db: Client,
  workspaceId: number,
  contactIds: readonly number[],
): Promise<Contact[]> {
  const rows = await db<ContactRow[]>`
    /* identity:read-persons-of-contacts */
    with root as (
      select distinct coalesce(linked_id, id) as id
      from contact
      where workspace_id = ${workspaceId} and id = any(${[...contactIds]}::bigint[])
    )
    ${contactsOfRoots(db, workspaceId)}`
  return rows.map(contactOfRow)
}

/** The second half of both statements: from `root (id)` to rows. Two joins, as one with OR would scan. */
function contactsOfRoots(db: Client, workspaceId: number): PendingQuery<ContactRow[]> {
  return db<ContactRow[]>`
    , member as (
      select m.* from root cross join lateral (
        select * from contact where workspace_id = ${workspaceId} and id = root.id offset 0
      ) m
      union all
      select m.* from root cross join lateral (
        select * from contact where workspace_id = ${workspaceId} and linked_id = root.id offset 0
      ) m
    )
    select id, phone_number, email, linked_id,
      date_part('epoch', created_at) * 1000 as created_ms,
      date_part('epoch', updated_at) * 1000 as updated_ms,
      date_part('epoch', deleted_at) * 1000 as deleted_ms
    from member`
}
