import type { Client } from '../client.ts'

/** The next roots' ids after one, in order; deleted ones, too, as the contacts that point at them may be live. */
export async function readRootPage(db: Client, workspaceId: number, afterId: number, limit: number): Promise<number[]> {
  const rows = await db<Array<{ id: number }>>`
    /* identity:read-root-page */
    select id from contact
    where workspace_id = ${workspaceId} and id > ${afterId} and linked_id is null
    order by id
    limit ${limit}`
  return rows.map(({ id }) => id)
}
