import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { contact } from './contact.ts'

/**
 * One row a value: the look-up index, the lock on which two first orders of one customer collide, and the constraint
 * behind "one person per identifier". It names the contact that first carried the value.
 */
export const identifier = pgTable(
  'identifier',
  {
    workspaceId: integer('workspace_id').notNull(),
    kind: text({ enum: ['email', 'phone'] }).notNull(),
    value: text().notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.kind, table.value] }),
    foreignKey({
      name: 'identifier_contact_id_fkey',
      columns: [table.workspaceId, table.contactId],
      foreignColumns: [contact.workspaceId, contact.id],
    }),
    // For who erases a contact: the foreign key looks for rows that name it (docs/decisions/0031-erased-rows-are-gone.md).
    index('identifier_contact_id_idx').on(table.workspaceId, table.contactId),
    check('identifier_kind_is_known', sql`${table.kind} in ('email', 'phone')`),
  ],
)
