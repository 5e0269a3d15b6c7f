import { sql } from 'drizzle-orm'
import { bigint, check, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { time } from './time.ts'

/** A value, or a pattern of values, that never links and counts as absent. */
export const blockRule = pgTable(
  'block_rule',
  {
    workspaceId: integer('workspace_id').notNull(),
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity({ name: 'block_rule_id_seq' }).notNull(),
    kind: text({ enum: ['email', 'phone'] }).notNull(),
    /** Empty: the preset, which has a row while it is switched on, so that it is applied like any other. */
    pattern: text().notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
    /** The id of the key that asked for it. */
    actor: text(),
    /** Null: the rule has been applied to all there was before it. Servers of before kept a contact's id here, until when it was. */
    appliedUpTo: bigint('applied_up_to', { mode: 'number' }).default(0),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('block_rule_pattern_key').on(table.workspaceId, table.kind, table.pattern),
    check('block_rule_kind_is_known', sql`${table.kind} in ('email', 'phone')`),
  ],
)
