import { bigint, integer, pgTable } from 'drizzle-orm/pg-core'

/** How far a workspace's log has come; the lock of whoever gives changes their positions, or deletes old ones. */
export const eventHead = pgTable('event_head', {
  workspaceId: integer('workspace_id').primaryKey(),
  lastPosition: bigint('last_position', { mode: 'number' }).notNull().default(0),
  /** The last event that is deleted for its age. */
  deletedPosition: bigint('deleted_position', { mode: 'number' }).notNull().default(0),
  deletedIndex: integer('deleted_index').notNull().default(-1),
})
