import type { Client } from '../client.ts'
import type { IdentifierPage } from './check-identifiers.ts'

/** What a page of identifier rows came to. */
export interface MatchedPage {
  readonly matches: readonly string[]
  /** Null where the page is empty. */
  readonly lastValue: string | null
}

/** Those values of a page of identifier rows that are LIKE one of the patterns: the page itself stays in the database. */
export async function matchIdentifierPage(
  db: Client,
  { workspaceId, kind, afterValue, limit }: IdentifierPage,
  patterns: readonly string[],
): Promise<MatchedPage> {
  const rows = await db<Array<{ value: string; isLast: boolean }>>`
    /* identity:match-identifier-page */
    with page as materialized (
      select value from identifier
      where workspace_id = ${workspaceId} and kind = ${kind} and value > ${afterValue ?? ''}
      order by value limit ${limit}
    )
    select value, false as "isLast" from page where value like any(${[...patterns]}::text[])
    union all
    select * from (select value, true from page order by value desc limit 1) as last_of_page`
  return {
    matches: rows.filter(({ isLast }) => !isLast).map(({ value }) => value),
    lastValue: rows.find(({ isLast }) => isLast)?.value ?? null,
  }
}
