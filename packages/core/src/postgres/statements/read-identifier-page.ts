import type { Client } from '../client.ts'
import type { IdentifierPage } from './check-identifiers.ts'

/** The values of a page of identifier rows, in their order. */
export async function readIdentifierPage(db: Client, page: IdentifierPage): Promise<string[]> {
  const { workspaceId, kind, afterValue, limit } = page
  const beyond = afterValue === null ? db`value >= ''` : db`value > ${afterValue}`
  const rows = await db<Array<{ value: string }>>`
    /* identity:read-identifier-page */
    select value from identifier
    where workspace_id = ${workspaceId} and kind = ${kind} and ${beyond}
    order by value limit ${limit}`
  return rows.map(({ value }) => value)
}
