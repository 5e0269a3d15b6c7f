import type { PendingQuery } from 'postgres'
import type { Contact } from '../../contact.ts'
import { type Identifier, valuesOfKind } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { type ContactRow, contactColumns, contactOfRow } from './contact-row.ts'

/*
 * Each step hands the next a list, and each look-up is `= any(list)` on a whole key: one index scan for all of it, also
 * where it was planned on empty tables. As joins, these read a whole workspace and filter then
 * (docs/decisions/0010-plans-without-scans.md).
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
  const rows = await db`
    /* identity:read-persons */
    with matched as materialized (
      select contact_id as id from identifier
      where workspace_id = ${workspaceId} and kind = 'email' and value = any(${valuesOfKind(identifiers, 'email')}::text[])
      union all
      select contact_id as id from identifier
      where workspace_id = ${workspaceId} and kind = 'phone' and value = any(${valuesOfKind(identifiers, 'phone')}::text[])
    ), ${contactsOfPersonsOf(db, workspaceId, db`array(select id from matched)`)}`.values()
  return rows.map((row) => contactOfRow(row as unknown as ContactRow))
}

/** Every contact of the persons that contacts belong to, deleted ones included; none for an id that is unknown. */
export async function readPersonsOfContacts(
  db: Client,
  workspaceId: number,
  contactIds: readonly number[],
): Promise<Contact[]> {
  const rows = await db`
    /* identity:read-persons-of-contacts */
    with ${contactsOfPersonsOf(db, workspaceId, db`${[...contactIds]}::bigint[]`)}`.values()
  return rows.map((row) => contactOfRow(row as unknown as ContactRow))
}

/** The second half of both statements: from a list of contact ids to rows. Two scans, as one with OR would take more. */
function contactsOfPersonsOf(db: Client, workspaceId: number, ids: PendingQuery<never[]>): PendingQuery<never[]> {
  return db<never[]>`
    root as materialized (
      select distinct coalesce(linked_id, id) as id from contact where workspace_id = ${workspaceId} and id = any(${ids})
    ), member as (
      select * from contact where workspace_id = ${workspaceId} and id = any(array(select id from root))
      union all
      select * from contact where workspace_id = ${workspaceId} and linked_id = any(array(select id from root))
    )
    select ${contactColumns(db)}
    from member`
}
