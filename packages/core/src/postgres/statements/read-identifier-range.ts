import type { IdentifierKind } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { claims, valueColumn } from './claims.ts'

/** Claimed values of a workspace and a kind: so many, in their order, from after one; null: the first. */
export interface IdentifierPage {
  readonly workspaceId: number
  readonly kind: IdentifierKind
  readonly afterValue: string | null
  readonly limit: number
}

/** A page of the values between two, for a key that is in the order of code points. */
export interface IdentifierRange extends IdentifierPage {
  /** The first. */
  readonly from: string
  /** The first beyond; null: none is. */
  readonly to: string | null
}

/** The claimed values of a page, in their order. */
export async function readIdentifierRange(db: Client, range: IdentifierRange): Promise<string[]> {
  const { workspaceId, kind, from, to, afterValue, limit } = range
  const value = valueColumn(db, kind)
  const beyond = afterValue === null ? db`${value} >= ${from}` : db`${value} > ${afterValue}`
  const before = to === null ? db`` : db`and ${value} < ${to}`
  const rows = await db<Array<{ value: string }>>`
    /* identity:read-identifier-range */
    select ${value} as value from contact
    where workspace_id = ${workspaceId} and ${claims(db, kind)} and ${beyond} ${before}
    order by ${value} limit ${limit}`
  return rows.map(({ value }) => value)
}
