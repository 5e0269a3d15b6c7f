import type { Client } from '../client.ts'
import { claims, valueColumn } from './claims.ts'
import type { IdentifierPage } from './read-identifier-range.ts'

/** What a page of claimed values came to. */
export interface MatchedPage {
  readonly matches: readonly string[]
  /** Null where the page is empty. */
  readonly lastValue: string | null
}

/** Those values of a page of claimed ones that are LIKE one of the patterns: the page itself stays in the database. */
export async function matchIdentifierPage(
  db: Client,
  { workspaceId, kind, afterValue, limit }: IdentifierPage,
  patterns: readonly string[],
): Promise<MatchedPage> {
  const rows = await db<Array<{ value: string; isLast: boolean }>>`
    /* identity:match-identifier-page */
    with page as materialized (
      select ${valueColumn(db, kind)} as value from contact
      where workspace_id = ${workspaceId} and ${claims(db, kind)} and ${valueColumn(db, kind)} > ${afterValue ?? ''}
      order by ${valueColumn(db, kind)} limit ${limit}
    )
    select value, false as "isLast" from page where value like any(${[...patterns]}::text[])
    union all
    select * from (select value, true from page order by value desc limit 1) as last_of_page`
  return {
    matches: rows.filter(({ isLast }) => !isLast).map(({ value }) => value),
    lastValue: rows.find(({ isLast }) => isLast)?.value ?? null,
  }
}
