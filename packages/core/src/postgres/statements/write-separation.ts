import type { KeptSeparation, SeparationQuery } from '../../rule-store.ts'
import type { Client } from '../client.ts'

interface SeparationRow {
  id: number
  contact_id: number
  other_contact_id: number
  created_at: Date
  actor: string | null
}

function separationOfRow(row: SeparationRow): KeptSeparation {
  const { id, contact_id, other_contact_id, created_at, actor } = row
  return { id, contactIds: [contact_id, other_contact_id], createdAt: created_at, actor }
}

/**
 * Keeps two contacts apart, or finds that they are.
 * @returns the separation, and whether it is new
 */
export async function keepApart(
  db: Client,
  workspaceId: number,
  [one, other]: readonly [number, number],
  actor: string | null,
): Promise<{ readonly kept: KeptSeparation; readonly isNew: boolean }> {
  // Updated to what it is, so that the row comes back where the pair is there already.
  const [row] = await db<[SeparationRow & { is_new: boolean }]>`
    /* identity:keep-apart */
    insert into separation as s (workspace_id, contact_id, other_contact_id, actor, created_at)
    values (${workspaceId}, ${Math.min(one, other)}, ${Math.max(one, other)}, ${actor}, clock_timestamp())
    on conflict (workspace_id, contact_id, other_contact_id) do update set contact_id = s.contact_id
    returning id, contact_id, other_contact_id, created_at, actor, xmax = 0 as is_new`
  return { kept: separationOfRow(row), isNew: row.is_new }
}

/** @returns the pair, or null where there was no such separation */
export async function deleteSeparation(
  db: Client,
  workspaceId: number,
  id: number,
): Promise<readonly [number, number] | null> {
  const [row] = await db<SeparationRow[]>`
    /* identity:delete-separation */
    delete from separation where workspace_id = ${workspaceId} and id = ${id} returning contact_id, other_contact_id`
  return row ? [row.contact_id, row.other_contact_id] : null
}

/** The next separations, by id. */
export async function listSeparations(
  db: Client,
  workspaceId: number,
  { contactId, after = 0, limit }: SeparationQuery,
): Promise<KeptSeparation[]> {
  const rows = await db<SeparationRow[]>`
    /* identity:list-separations */
    select id, contact_id, other_contact_id, created_at, actor from separation
    where workspace_id = ${workspaceId} and id > ${after}
      and (${contactId ?? null}::bigint is null or contact_id = ${contactId ?? null} or other_contact_id = ${contactId ?? null})
    order by id limit ${limit}`
  return rows.map(separationOfRow)
}
