import { bigint, index, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core'

/**
 * Which changes are about a person, by its name, beyond those that added its contacts: merges, splits and the like, which
 * are rare (docs/decisions/0030-what-happened-to-a-person.md).
 */
export const subject = pgTable(
  'subject',
  {
    workspaceId: integer('workspace_id').notNull(),
    /** The contact that names the person, or one that the event is about itself. */
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    changeId: bigint('change_id', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.contactId, table.changeId] }),
    // For who deletes old events.
    index('subject_change_id_idx').on(table.workspaceId, table.changeId),
  ],
)
