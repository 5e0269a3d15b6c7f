import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core'
import { time } from './time.ts'

/**
 * One row a transaction that changed persons: its events. Readers give it its place in the workspace's log, so that who
 * writes waits for nobody (docs/decisions/0023-readers-put-the-events-in-order.md).
 */
export const change = pgTable(
  'change',
  {
    workspaceId: integer('workspace_id').notNull(),
    /** Drawn while the transaction holds its locks. */
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity({ name: 'change_id_seq' }).notNull(),
    /** Null until a reader has seen the change. */
    position: bigint({ mode: 'number' }),
    at: time('at').notNull(),
    /** How many events there are. */
    size: integer().notNull(),
    events: jsonb().notNull(),
    /** The lowest and the highest id of the contacts that it added, by which one's event is found; null for none. */
    firstContactId: bigint('first_contact_id', { mode: 'number' }),
    lastContactId: bigint('last_contact_id', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    uniqueIndex('change_position_key').on(table.workspaceId, table.position).where(sql`${table.position} is not null`),
    index('change_first_contact_id_idx')
      .on(table.workspaceId, table.firstContactId)
      .where(sql`${table.firstContactId} is not null`),
    index('change_pending_idx').on(table.workspaceId, table.id).where(sql`${table.position} is null`),
  ],
)
