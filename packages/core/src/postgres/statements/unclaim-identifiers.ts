import type { PendingQuery } from 'postgres'
import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind, valuesOfKind } from '../../identifier.ts'
import { IdentifierMap } from '../../identifier-map.ts'
import type { Client } from '../client.ts'
import { claims, valueColumn } from './claims.ts'

/**
 * Takes values from those of the contacts, which a transaction has locked, that claim them: they are free for whoever
 * brings them next. What anybody else claims stays, as a deleted contact's value may have found a new owner meanwhile.
 * @returns the values that were taken
 */
export async function unclaimIdentifiers(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
  contactIds: readonly number[],
): Promise<IdentifierMap<true>> {
  const taken = new IdentifierMap<true>()
  for (const kind of IDENTIFIER_KINDS) {
    const values = valuesOfKind(identifiers, kind)
    if (values.length === 0) continue
    const rows = await db<Array<{ value: string }>>`
      /* identity:unclaim-identifiers */
      ${takeValues(db, workspaceId, kind, values)} and id = any(${[...contactIds]}::bigint[])
      returning ${valueColumn(db, kind)} as value`
    for (const { value } of rows) taken.set({ kind, value }, true)
  }
  return taken
}

/** Takes values from deleted contacts, to make way for the contacts that claim them now (rule R6). */
export async function unclaimOfDeleted(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<void> {
  // Sent at once, as other statements of the transaction are sent behind them.
  await Promise.all(IDENTIFIER_KINDS.map((kind) => unclaimKind(db, workspaceId, kind, valuesOfKind(identifiers, kind))))
}

async function unclaimKind(db: Client, workspaceId: number, kind: IdentifierKind, values: string[]): Promise<void> {
  if (values.length === 0) return
  await db`
    /* identity:unclaim-of-deleted */
    ${takeValues(db, workspaceId, kind, values)} and deleted_at is not null`
}

/** What both statements do, to whom they say. */
function takeValues(db: Client, workspaceId: number, kind: IdentifierKind, values: string[]): PendingQuery<never[]> {
  const other: IdentifierKind = kind === 'email' ? 'phone' : 'email'
  return db<never[]>`
    update contact set claimed = case claimed when 'both' then ${other} end
    where workspace_id = ${workspaceId} and ${claims(db, kind)} and ${valueColumn(db, kind)} = any(${values}::text[])`
}
