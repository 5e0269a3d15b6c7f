import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { contact } from './contact.ts'
import { time } from './time.ts'

/** Says that two contacts are different people. The lower id comes first, so that a pair is there once. */
export const separation = pgTable(
  'separation',
  {
    workspaceId: integer('workspace_id').notNull(),
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity({ name: 'separation_id_seq' }).notNull(),
    contactId: bigint('contact_id', { mode: 'number' }).notNull(),
    otherContactId: bigint('other_contact_id', { mode: 'number' }).notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
    /** The id of the key that asked for it. */
    actor: text(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('separation_pair_key').on(table.workspaceId, table.contactId, table.otherContactId),
    index('separation_other_contact_id_idx').on(table.workspaceId, table.otherContactId),
    ...(['contactId', 'otherContactId'] as const).map((column) =>
      foreignKey({
        name: `separation_${column === 'contactId' ? 'contact' : 'other_contact'}_id_fkey`,
        columns: [table.workspaceId, table[column]],
        foreignColumns: [contact.workspaceId, contact.id],
      }),
    ),
    check('separation_lower_id_first', sql`${table.contactId} < ${table.otherContactId}`),
  ],
)
