import type { Client } from '../client.ts'

/**
 * Sets the sequence past an id that is there already: rows were put in by hand with ids of their own, and the next new
 * id follows the highest one that exists (rule R5).
 */
export async function catchUpSequence(db: Client, highestId: number): Promise<void> {
  await db`
    /* identity:catch-up-sequence */
    select setval('contact_id_seq', ${highestId}) from contact_id_seq where last_value < ${highestId}`
}

/**
 * The same before rows go for good, so that their ids are never drawn again. An id of another node's range, of 2^48 ids
 * each on a distributed PostgreSQL, is that node's.
 */
export async function passSequence(db: Client, highestId: number): Promise<void> {
  await db`
    /* identity:pass-sequence */
    select setval('contact_id_seq', ${highestId}) from contact_id_seq
    where (last_value < ${highestId} or (last_value = ${highestId} and not is_called))
      and last_value >> 48 = ${highestId}::bigint >> 48`
}
