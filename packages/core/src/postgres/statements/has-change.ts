import type { Client } from '../client.ts'

/** What a transaction has written of what it did. */
export interface WrittenChange {
  readonly id: number
  /** The time that all it wrote bears. */
  readonly at: Date
}

/** Whether a change is there: whatever else its transaction wrote is there with it. */
export async function hasChange(db: Client, workspaceId: number, { id, at }: WrittenChange): Promise<boolean> {
  // By its time as well: an id that nothing on disk tells of is given to another change after a crash.
  const [row] = await db<[{ has_change: boolean }]>`
    /* identity:has-change */
    select exists (select from change where workspace_id = ${workspaceId} and id = ${id} and at = ${at}) as has_change`
  return row.has_change
}
