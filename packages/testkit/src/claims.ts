import { readFileSync } from 'node:fs'
import type { IdentifierKind } from '@identity/core'
import type { Client } from '@identity/core/postgres'

/** A value, and the contact that claims it. */
export interface ClaimedValue {
  readonly kind: IdentifierKind
  readonly value: string
  readonly contactId: number
}

/** What contacts claim, in the order of kinds and values. */
export async function allClaims(db: Client, workspaceId = 1): Promise<ClaimedValue[]> {
  return db<ClaimedValue[]>`
    select kind, value, id as "contactId"
    from contact cross join lateral (values ('email', email), ('phone', phone_number)) as carried (kind, value)
    where workspace_id = ${workspaceId} and claimed in (kind, 'both')
    order by kind, value`
}

/** Has contacts that were put into the table by hand claim their values, as the documentation says. */
export async function claimAll(db: Client): Promise<void> {
  const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')
  const [, statement] = /```sql\n(update contact set claimed[^`]*)```/.exec(page)!
  await db.unsafe(statement!)
}
