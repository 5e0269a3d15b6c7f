import { sql } from 'drizzle-orm'
import { bigint, check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { time } from './time.ts'

/** How often a rule refused to join two persons, or to bring a value to one; counted, so that repetition piles up nothing. */
export const refusal = pgTable(
  'refusal',
  {
    workspaceId: integer('workspace_id').notNull(),
    /** The root of the person that answered. */
    personId: bigint('person_id', { mode: 'number' }).notNull(),
    /** The root of the person that was not joined; 0 where a value was not added. */
    otherPersonId: bigint('other_person_id', { mode: 'number' }).notNull().default(0),
    reason: text({ enum: ['separation', 'email-limit', 'phone-limit'] }).notNull(),
    count: bigint({ mode: 'number' }).notNull().default(1),
    firstAt: time('first_at').notNull(),
    lastAt: time('last_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.personId, table.otherPersonId, table.reason] }),
    check('refusal_reason_is_known', sql`${table.reason} in ('separation', 'email-limit', 'phone-limit')`),
  ],
)
