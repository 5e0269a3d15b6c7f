import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind, valuesOfKind } from '../../identifier.ts'
import { IdentifierMap } from '../../identifier-map.ts'
import type { Client } from '../client.ts'

/** The person that an identifier leads to. */
export interface Carrier {
  readonly rootId: number
  /** False where the contact that the identifier's row names is deleted, so that nobody carries the identifier (rule R6). */
  readonly isLive: boolean
}

/**
 * Which person each identifier leads to; identifiers without a row are left out. Far less than `readPersons` reads:
 * enough to see which requests tell nothing new, and whom to lock for the others. Two statements, as each is one index
 * scan (docs/decisions/0010-plans-without-scans.md). What is corrected between the two may make a request look known
 * that no longer is: it told nothing new before that.
 */
export async function readCarriers(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<IdentifierMap<Carrier>> {
  const found = await Promise.all(
    IDENTIFIER_KINDS.map((kind) => readCarriersOfKind(db, workspaceId, identifiers, kind)),
  )
  const contactIds = new Set<number>()
  for (const rows of found) for (const row of rows) contactIds.add(row.contact_id)
  const carrierOf = await readRoots(db, workspaceId, [...contactIds])
  const carriers = new IdentifierMap<Carrier>()
  for (const [n, kind] of IDENTIFIER_KINDS.entries()) {
    for (const { value, contact_id } of found[n]!) {
      const carrier = carrierOf.get(contact_id)
      if (carrier) carriers.set({ kind, value }, carrier)
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

async function readRoots(db: Client, workspaceId: number, contactIds: number[]): Promise<Map<number, Carrier>> {
  if (contactIds.length === 0) return new Map()
  const rows = await db<Array<{ id: number; root_id: number; is_live: boolean }>>`
    /* identity:read-roots */
    select id, coalesce(linked_id, id) as root_id, deleted_at is null as is_live from contact
    where workspace_id = ${workspaceId} and id = any(${contactIds}::bigint[])`
  return new Map(rows.map(({ id, root_id, is_live }) => [id, { rootId: root_id, isLive: is_live }]))
}
