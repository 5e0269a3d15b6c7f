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
