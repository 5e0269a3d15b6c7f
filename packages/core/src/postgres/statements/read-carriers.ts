import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind, valuesOfKind } from '../../identifier.ts'
import { IdentifierMap } from '../../identifier-map.ts'
import type { Client } from '../client.ts'

/**
 * Which live person carries each identifier, by the id of its root; identifiers that nobody carries are left out. Far
 * less than `readPersons` reads: enough to see which requests tell nothing new. Two statements, as each is one index
 * scan (docs/decisions/0010-plans-without-scans.md). What is corrected between the two may make a request look known
 * that no longer is: it told nothing new before that.
 */
export async function readCarriers(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<IdentifierMap<number>> {
  const found = await Promise.all(
    IDENTIFIER_KINDS.map((kind) => readCarriersOfKind(db, workspaceId, identifiers, kind)),
  )
  const contactIds = new Set<number>()
  for (const rows of found) for (const row of rows) contactIds.add(row.contact_id)
  const rootOf = await readRoots(db, workspaceId, [...contactIds])
  const carriers = new IdentifierMap<number>()
  for (const [n, kind] of IDENTIFIER_KINDS.entries()) {
    for (const { value, contact_id } of found[n]!) {
      const rootId = rootOf.get(contact_id)
      if (rootId !== undefined) carriers.set({ kind, value }, rootId)
    }
  }
  return carriers
}

async function readCarriersOfKind(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
  kind: IdentifierKind,
): Promise<Array<{ value: string; contact_id: number }>> {
  const values = new Set(valuesOfKind(identifiers, kind))
  if (values.size === 0) return []
  return db<Array<{ value: string; contact_id: number }>>`
    /* identity:read-carriers */
    select value, contact_id from identifier
    where workspace_id = ${workspaceId} and kind = ${kind} and value = any(${[...values]}::text[])`
}

async function readRoots(db: Client, workspaceId: number, contactIds: number[]): Promise<Map<number, number>> {
  if (contactIds.length === 0) return new Map()
  const rows = await db<Array<{ id: number; root_id: number }>>`
    /* identity:read-roots */
    select id, coalesce(linked_id, id) as root_id from contact
    where workspace_id = ${workspaceId} and id = any(${contactIds}::bigint[]) and deleted_at is null`
  return new Map(rows.map(({ id, root_id }) => [id, root_id]))
}
