import type { RefusalReason } from '../../refusal.ts'
import type { CountedRefusal, RefusalQuery } from '../../rule-store.ts'
import type { Client } from '../client.ts'

interface RefusalRow {
  person_id: number
  other_person_id: number
  reason: RefusalReason
  count: number
  first_at: Date
  last_at: Date
}

/** The next refusals, by person, other person and reason. */
export async function listRefusals(
  db: Client,
  workspaceId: number,
  { after, limit }: RefusalQuery,
): Promise<CountedRefusal[]> {
  const rows = await db<RefusalRow[]>`
    /* identity:list-refusals */
    select person_id, other_person_id, reason, count, first_at, last_at from refusal
    where workspace_id = ${workspaceId}
      and (person_id, other_person_id, reason)
        > (${after?.personId ?? 0}::bigint, ${after?.otherPersonId ?? 0}::bigint, ${after?.reason ?? ''}::text)
    order by person_id, other_person_id, reason limit ${limit}`
  return rows.map((row) => ({
    personId: row.person_id,
    otherPersonId: row.other_person_id === 0 ? null : row.other_person_id,
    reason: row.reason,
    count: row.count,
    firstAt: row.first_at,
    lastAt: row.last_at,
  }))
}
