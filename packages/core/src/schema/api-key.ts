import { sql } from 'drizzle-orm'
import { check, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { KEY_SCOPES } from '../access.ts'
import { time } from './time.ts'
import { workspace } from './workspace.ts'

/**
 * Who may call, and in which workspace. The secret itself is nowhere: only its hash. Rows are never deleted by the
 * service, as the last key that goes would open it to all.
 */
export const apiKey = pgTable(
  'api_key',
  {
    /** The part of the key that is no secret: lists and logs show it. */
    id: text().primaryKey(),
    workspaceId: integer('workspace_id')
      .notNull()
      .references(() => workspace.id),
    /** Who holds it, in words. */
    name: text(),
    scope: text({ enum: KEY_SCOPES }).notNull(),
    /** SHA-256 of the whole key, in hexadecimal. */
    hash: text().notNull().unique('api_key_hash_key'),
    createdAt: time('created_at').notNull().defaultNow(),
    expiresAt: time('expires_at'),
    revokedAt: time('revoked_at'),
  },
  (table) => [check('api_key_scope_is_known', sql`${table.scope} in ('read', 'identify', 'admin')`)],
)
