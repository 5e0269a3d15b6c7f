import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind, valuesOfKind } from '../../identifier.ts'
import { IdentifierMap } from '../../identifier-map.ts'
import type { Client } from '../client.ts'
import { claims, valueColumn } from './claims.ts'

/** The person that an identifier leads to. */
export interface Carrier {
  readonly rootId: number
  /** False where the contact that claims the identifier is deleted, so that nobody carries it (rule R6). */
  readonly isLive: boolean
}

/**
 * Which person each identifier leads to; identifiers that nobody claims are left out. Far less than `readPersons` reads:
 * enough to see which requests tell nothing new, and whom to lock for the others. A statement a kind, as each is one
 * index scan (docs/decisions/0010-plans-without-scans.md). What is corrected between the two may make a request look
 * known that no longer is: it told nothing new before that.
 */
export async function readCarriers(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
): Promise<IdentifierMap<Carrier>> {
  const carriers = new IdentifierMap<Carrier>()
  await Promise.all(
    IDENTIFIER_KINDS.map(async (kind) => {
      for (const { value, root_id, is_live } of await readKind(db, workspaceId, identifiers, kind)) {
        carriers.set({ kind, value }, { rootId: root_id, isLive: is_live })
      }
    }),
  )
  return carriers
}

async function readKind(
  db: Client,
  workspaceId: number,
  identifiers: readonly Identifier[],
  kind: IdentifierKind,
): Promise<Array<{ value: string; root_id: number; is_live: boolean }>> {
  const values = new Set(valuesOfKind(identifiers, kind))
  if (values.size === 0) return []
  return db<Array<{ value: string; root_id: number; is_live: boolean }>>`
    /* identity:read-carriers */
    select ${valueColumn(db, kind)} as value, coalesce(linked_id, id) as root_id, deleted_at is null as is_live
    from contact
    where workspace_id = ${workspaceId} and ${claims(db, kind)} and ${valueColumn(db, kind)} = any(${[...values]}::text[])`
}
