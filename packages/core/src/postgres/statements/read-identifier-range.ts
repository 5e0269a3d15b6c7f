import type { Client } from '../client.ts'
import type { IdentifierPage } from './check-identifiers.ts'

/** A page of the values between two, for a key that is in the order of code points. */
export interface IdentifierRange extends IdentifierPage {
  /** The first. */
  readonly from: string
  /** The first beyond; null: none is. */
  readonly to: string | null
}

/** The values of a page of identifier rows, in their order. */
export async function readIdentifierRange(db: Client, range: IdentifierRange): Promise<string[]> {
  const { workspaceId, kind, from, to, afterValue, limit } = range
  const beyond = afterValue === null ? db`value >= ${from}` : db`value > ${afterValue}`
  const before = to === null ? db`` : db`and value < ${to}`
  const rows = await db<Array<{ value: string }>>`
    /* identity:read-identifier-range */
    select value from identifier
    where workspace_id = ${workspaceId} and kind = ${kind} and ${beyond} ${before}
    order by value limit ${limit}`
  return rows.map(({ value }) => value)
}
