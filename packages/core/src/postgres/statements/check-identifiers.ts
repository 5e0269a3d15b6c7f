import type { IdentifierKind } from '../../identifier.ts'
import type { Client } from '../client.ts'

/** Identifier rows of a workspace and a kind: so many, in the order of their values, from after one; null: the first. */
export interface IdentifierPage {
  readonly workspaceId: number
  readonly kind: IdentifierKind
  readonly afterValue: string | null
  readonly limit: number
}

/** What a page of identifier rows came to. */
export interface CheckedIdentifiers {
  readonly count: number
  readonly rows: ReadonlyArray<{ readonly value: string; readonly contactId: number }>
  /** Null where the page is empty. */
  readonly lastValue: string | null
  /** Rows whose contact does not exist, or is not linked by the value. Deleted ones may be named (rule R6). */
  readonly breaches: ReadonlyArray<{ readonly value: string; readonly contactId: number }>
}

/** Reads a page of identifier rows and says which of them name a contact that does not carry their value. */
export async function checkIdentifiers(db: Client, page: IdentifierPage): Promise<CheckedIdentifiers> {
  const { workspaceId, kind, afterValue, limit } = page
  const column = kind === 'email' ? db`o.email` : db`o.phone_number`
  // The empty one is a value, too, if no canonical one.
  const beyond = afterValue === null ? db`value >= ''` : db`value > ${afterValue}`
  const rows = await db<Array<{ value: string; contactId: number; isCarried: boolean }>>`
    /* identity:check-identifiers */
    select i.value, i.contact_id as "contactId", exists (
      select from contact o
      where o.workspace_id = ${workspaceId} and o.id = i.contact_id and ${column} = i.value
        and o.released is distinct from i.kind and o.released is distinct from 'both' offset 0
    ) as "isCarried"
    from (
      select kind, value, contact_id from identifier
      where workspace_id = ${workspaceId} and kind = ${kind} and ${beyond}
      order by value limit ${limit}
    ) i
    order by i.value`
  return {
    count: rows.length,
    rows,
    lastValue: rows.at(-1)?.value ?? null,
    breaches: rows.filter(({ isCarried }) => !isCarried),
  }
}
