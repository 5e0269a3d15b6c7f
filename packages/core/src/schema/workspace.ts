import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** One shop's separate world of persons (tenant). */
export const workspace = pgTable('workspace', {
  id: integer().primaryKey(),
  name: text().notNull().unique('workspace_name_key'),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
})
