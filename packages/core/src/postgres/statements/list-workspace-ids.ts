import type { Client } from '../client.ts'

/** Every workspace that has a row, or contacts, in order: each step leads straight to the next id. */
export async function listWorkspaceIds(db: Client): Promise<number[]> {
  const ids: number[] = []
  for (let next = await readNext(db, LOWEST_ID); next !== null; next = await readNext(db, next + 1)) ids.push(next)
  return ids
}

const LOWEST_ID = -(2 ** 31)

async function readNext(db: Client, from: number): Promise<number | null> {
  const [row] = await db<[{ next: number | null }]>`
    /* identity:list-workspace-ids */
    select least(
      (select min(id) from workspace where id >= ${from}::int),
      (select min(workspace_id) from contact where workspace_id >= ${from}::int)
    ) as next`
  return row.next
}
