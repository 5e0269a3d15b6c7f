import type { RefusalCount } from '../../refusal-counts.ts'
import type { Client } from '../client.ts'

/**
 * Adds to the counts of refusals. Sent under the locks of the persons, so that nobody else counts the same ones.
 * @returns how often each has been met, these times included, in the order of the refusals
 */
export async function countRefusals(
  db: Client,
  workspaceId: number,
  refusals: readonly RefusalCount[],
  at: Date,
): Promise<number[]> {
  const rows = await db<Array<{ person_id: number; other_person_id: number; reason: string; count: number }>>`
    /* identity:count-refusals */
    insert into refusal as r (workspace_id, person_id, other_person_id, reason, count, first_at, last_at)
    select ${workspaceId}, person_id, other_person_id, reason, count, ${at}, ${at}
    from unnest(
      ${refusals.map(({ personId }) => personId)}::bigint[],
      ${refusals.map(({ otherPersonId }) => otherPersonId ?? 0)}::bigint[],
      ${refusals.map(({ reason }) => reason)}::text[],
      ${refusals.map(({ count }) => count)}::bigint[]
    ) as refused (person_id, other_person_id, reason, count)
    on conflict (workspace_id, person_id, other_person_id, reason)
      do update set count = r.count + excluded.count, last_at = excluded.last_at
    returning person_id, other_person_id, reason, count`
  const counts = new Map(rows.map((row) => [`${row.person_id} ${row.other_person_id} ${row.reason}`, row.count]))
  return refusals.map(
    ({ personId, otherPersonId, reason }) => counts.get(`${personId} ${otherPersonId ?? 0} ${reason}`)!,
  )
}
