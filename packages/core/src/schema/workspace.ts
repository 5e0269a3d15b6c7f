import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { time } from './time.ts'

/** One shop's separate world of persons (tenant). */
export const workspace = pgTable(
  'workspace',
  {
    id: integer().primaryKey(),
    name: text().notNull().unique('workspace_name_key'),
    createdAt: time('created_at').notNull().defaultNow(),
    /** Whether it has ever had a webhook endpoint; servers look for work in those alone. */
    hasWebhooks: boolean('has_webhooks').notNull().default(false),
  },
  (table) => [index('workspace_has_webhooks_idx').on(table.id).where(sql`${table.hasWebhooks}`)],
)
