import type { PendingQuery } from 'postgres'
import type { Contact } from '../../contact.ts'
import { type Identifier, valuesOfKind } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { claims } from './claims.ts'
import { contactColumns, contactsOfRows } from './contact-row.ts'

/*
 * Each step hands the next a list, and each look-up is `= any(list)` on a whole key: one index scan for all of it, also
 * where it was planned on empty tables. As joins, these read a whole workspace and filter then
 * (docs/decisions/0010-plans-without-scans.md).
 */

/**
 * Every contact of every person that carries one of the identifiers, deleted ones included. One statement, so one
 * snapshot: identifier → the contact that claims it → its root → all contacts of that root. Whoever is found by an e-mail
 * and claims a phone number, too, is not looked for by that: most requests repeat what one contact claims.
 */
export async function readPersons(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<Contact[]> {
  const rows = await db`
    /* identity:read-persons */
    with found_by_email as materialized (
      select * from contact
      where workspace_id = ${workspaceId} and ${claims(db, 'email')}
        and email = any(${valuesOfKind(identifiers, 'email')}::text[])
    ), found as materialized (
      select * from found_by_email
      union all
      select * from contact
      where workspace_id = ${workspaceId} and ${claims(db, 'phone')} and phone_number = any(array(
        select unnest(${valuesOfKind(identifiers, 'phone')}::text[])
        except select phone_number from found_by_email where claimed = 'both'
      ))
    ), ${wholePersons(db, workspaceId)}`.values()
  return contactsOfRows(rows)
}

/** Every contact of the persons that contacts belong to, deleted ones included; none for an id that is unknown. */
export async function readPersonsOfContacts(
  db: Client,
  workspaceId: number,
  contactIds: readonly number[],
): Promise<Contact[]> {
  const rows = await db`
    /* identity:read-persons-of-contacts */
    with found as materialized (
      select * from contact where workspace_id = ${workspaceId} and id = any(${[...contactIds]}::bigint[])
    ), ${wholePersons(db, workspaceId)}`.values()
  return contactsOfRows(rows)
}

/**
 * The second half of both statements: from contacts, each found once, to whole persons. A root that was found is at
 * hand; of the others the roots are read, and of all of them the contacts that point there.
 */
function wholePersons(db: Client, workspaceId: number): PendingQuery<never[]> {
  return db<never[]>`
    member as (
      select * from found where linked_id is null
      union all
      select * from contact
      where workspace_id = ${workspaceId} and id = any(array(
        select linked_id from found where linked_id is not null and linked_id not in (select id from found)
      ))
      union all
      select * from contact
      where workspace_id = ${workspaceId} and linked_id = any(array(select coalesce(linked_id, id) from found))
    )
    select ${contactColumns(db)}
    from member`
}
