import type { Queryable } from '../connection.ts'

/**
 * Sets the sequence past the highest id, for rows that were put in by hand with ids of their own (rule R5: the next
 * new id follows the highest one that exists). Where nobody did that it changes nothing.
 */
export async function catchUpSequence(db: Queryable): Promise<void> {
  await db`
    /* identity:catch-up-sequence */
    select setval('contact_id_seq', highest.id)
    from (
      select max(newest.id) as id
      from workspace w
      cross join lateral (select max(id) as id from contact where workspace_id = w.id) as newest
    ) as highest
    where highest.id > (select last_value - (not is_called)::int from contact_id_seq)`
}
