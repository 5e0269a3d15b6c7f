import type { PendingQuery } from 'postgres'
import type { IdentifierKind } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { claims, claimsInVain, valueColumn } from './claims.ts'

/** Contacts of a workspace: so many, in the order of their ids, from after one. */
export interface ContactPage {
  readonly workspaceId: number
  readonly afterId: number
  readonly limit: number
}

/*
 * Each condition says what is wrong with contact c. Whatever it asks of other rows it asks by their whole keys, row by
 * row: `offset 0` keeps the planner from making a join of it, which reads the whole workspace where the statistics are
 * old (docs/decisions/0010-plans-without-scans.md).
 */
type Condition = (db: Client, workspaceId: number) => PendingQuery<never[]>

const BREACHES = {
  'known-workspace': (db, workspaceId) =>
    db<never[]>`not exists (select from workspace where id = ${workspaceId} offset 0)`,

  'one-primary': (db) =>
    db<never[]>`((c.link_precedence = 'primary') <> (c.linked_id is null) or c.linked_id is not distinct from c.id)`,

  'no-dangling-links': (db, workspaceId) => db<never[]>`
    c.linked_id is not null
    and not exists (select from contact r where r.workspace_id = ${workspaceId} and r.id = c.linked_id offset 0)`,

  'no-chains': (db, workspaceId) => db<never[]>`
    exists (
      select from contact r
      where r.workspace_id = ${workspaceId} and r.id = c.linked_id and r.linked_id is not null offset 0
    )`,

  'oldest-is-primary': (db, workspaceId) => db<never[]>`
    c.deleted_at is null and exists (
      select from contact r
      where r.workspace_id = ${workspaceId} and r.id = c.linked_id and r.linked_id is null and r.deleted_at is null
        and (c.created_at, c.id) < (r.created_at, r.id) offset 0
    )`,

  'identifiers-carried': claimsInVain,

  // A value that leads to another person who carries it, too, is what the next one finds.
  'values-indexed': (db, workspaceId) => {
    const isLost = (kind: IdentifierKind) => db<never[]>`
      (${links(db, kind)} and not exists (
        select from contact
        where ${claimsTheSame(db, workspaceId, kind)}
          and (deleted_at is null or coalesce(linked_id, id) = coalesce(c.linked_id, c.id)) offset 0
      ))`
    return db<never[]>`c.deleted_at is null and (${isLost('email')} or ${isLost('phone')})`
  },

  'one-person-per-identifier': (db, workspaceId) => {
    const isShared = (kind: IdentifierKind) => db<never[]>`
      (${links(db, kind)} and exists (
        select from contact
        where ${claimsTheSame(db, workspaceId, kind)}
          and deleted_at is null and coalesce(linked_id, id) <> coalesce(c.linked_id, c.id) offset 0
      ))`
    return db<never[]>`c.deleted_at is null and (${isShared('email')} or ${isShared('phone')})`
  },

  'kept-apart': (db, workspaceId) => db<never[]>`
    exists (
      select from separation s
      where s.workspace_id = ${workspaceId} and s.contact_id = c.id and exists (
        select from contact o
        where o.workspace_id = ${workspaceId} and o.id = s.other_contact_id
          and coalesce(o.linked_id, o.id) = coalesce(c.linked_id, c.id) offset 0
      ) offset 0
    )`,
} satisfies Record<string, Condition>

/** That contact c has a value of a kind, and is linked by it. */
function links(db: Client, kind: IdentifierKind): PendingQuery<never[]> {
  return db<never[]>`
    ${carried(db, kind)} is not null and c.released is distinct from ${kind} and c.released is distinct from 'both'`
}

/** That another contact, or c itself, claims that value, and is linked by it. */
function claimsTheSame(db: Client, workspaceId: number, kind: IdentifierKind): PendingQuery<never[]> {
  return db<never[]>`
    workspace_id = ${workspaceId} and ${claims(db, kind)} and ${valueColumn(db, kind)} = ${carried(db, kind)}
    and released is distinct from ${kind} and released is distinct from 'both'`
}

function carried(db: Client, kind: IdentifierKind): PendingQuery<never[]> {
  return kind === 'email' ? db<never[]>`c.email` : db<never[]>`c.phone_number`
}

export type ContactCheck = keyof typeof BREACHES

export const CONTACT_CHECKS = Object.keys(BREACHES) as ContactCheck[]

/** The ids of those contacts of a page that break the invariant. */
export async function checkContacts(db: Client, check: ContactCheck, page: ContactPage): Promise<number[]> {
  const { workspaceId, afterId, limit } = page
  const rows = await db<Array<{ id: number }>>`
    ${db.unsafe(`/* identity:check-${check} */`)}
    select c.id from (
      select * from contact where workspace_id = ${workspaceId} and id > ${afterId} order by id limit ${limit}
    ) c
    where ${BREACHES[check](db, workspaceId)}
    order by c.id`
  return rows.map(({ id }) => id)
}
