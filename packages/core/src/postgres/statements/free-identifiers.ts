import { IDENTIFIER_KINDS, type Identifier, valuesOfKind } from '../../identifier.ts'
import type { Client } from '../client.ts'

/**
 * Removes identifiers' rows that name one of the contacts, which a transaction has locked: they are free for whoever
 * brings them next. Rows that name anybody else stay.
 */
export async function freeIdentifiers(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
  contactIds: readonly number[],
): Promise<void> {
  for (const kind of IDENTIFIER_KINDS) {
    const values = valuesOfKind(identifiers, kind).sort()
    if (values.length === 0) continue
    await db`
      /* identity:free-identifiers */
      delete from identifier
      where workspace_id = ${workspaceId} and kind = ${kind} and value = any(${values}::text[])
        and contact_id = any(${[...contactIds]}::bigint[])`
  }
}
