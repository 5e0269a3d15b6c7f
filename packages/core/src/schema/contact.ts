import { sql } from 'drizzle-orm'
import { bigint, check, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { time } from './time.ts'

/** One row an order that told something new. The workspace leads every key, so that the table shards by it. */
export const contact = pgTable(
  'contact',
  {
    // No foreign key to the workspace: docs/decisions/0016-no-foreign-key-to-the-workspace.md.
    workspaceId: integer('workspace_id').notNull(),
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity({ name: 'contact_id_seq' }).notNull(),
    phoneNumber: text('phone_number'),
    email: text(),
    linkedId: bigint('linked_id', { mode: 'number' }),
    linkPrecedence: text('link_precedence', { enum: ['primary', 'secondary'] }).notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
    updatedAt: time('updated_at').notNull().defaultNow(),
    deletedAt: time('deleted_at'),
    /** Which of its values no longer link it, as they stayed with another person or are blocked. Null on nearly all. */
    released: text({ enum: ['email', 'phone', 'both'] }),
    /** Which of its values it was the first to carry: it answers for them when somebody looks them up. */
    claimed: text({ enum: ['email', 'phone', 'both'] }),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    foreignKey({
      name: 'contact_linked_id_fkey',
      columns: [table.workspaceId, table.linkedId],
      foreignColumns: [table.workspaceId, table.id],
    }),
    // One contact a value: the look-up index, the lock on which two first orders of one customer collide, and the
    // constraint behind "one person per identifier" (docs/decisions/0041-a-contact-claims-its-values.md).
    uniqueIndex('contact_email_key')
      .on(table.workspaceId, table.email)
      .where(sql`${table.claimed} in ('email', 'both')`),
    uniqueIndex('contact_phone_number_key')
      .on(table.workspaceId, table.phoneNumber)
      .where(sql`${table.claimed} in ('phone', 'both')`),
    // Partial: primaries, most rows of a young shop, cost no entry.
    index('contact_linked_id_idx').on(table.workspaceId, table.linkedId).where(sql`${table.linkedId} is not null`),
    // Partial, too: who is erased leaves no copy of a value on a contact that it was released on.
    index('contact_released_email_idx')
      .on(table.workspaceId, table.email)
      .where(sql`${table.released} in ('email', 'both')`),
    index('contact_released_phone_idx')
      .on(table.workspaceId, table.phoneNumber)
      .where(sql`${table.released} in ('phone', 'both')`),
    // Partial, too: for the values of deleted contacts, which have no row elsewhere (docs/decisions/0037-block-rules-look-values-up.md).
    index('contact_deleted_idx')
      .on(table.workspaceId, table.deletedAt, table.id)
      .where(sql`${table.deletedAt} is not null`),
    check('contact_precedence_is_known', sql`${table.linkPrecedence} in ('primary', 'secondary')`),
    check('contact_primary_iff_unlinked', sql`(${table.linkPrecedence} = 'primary') = (${table.linkedId} is null)`),
    check('contact_not_linked_to_itself', sql`${table.linkedId} <> ${table.id}`),
    check('contact_released_is_known', sql`${table.released} in ('email', 'phone', 'both')`),
    check('contact_claimed_is_known', sql`${table.claimed} in ('email', 'phone', 'both')`),
    // What does not link a contact is nobody's to claim by it.
    check(
      'contact_claims_what_links_it',
      sql`(${table.claimed} not in ('email', 'both') or (${table.email} is not null and coalesce(${table.released}, 'phone') = 'phone'))
        and (${table.claimed} not in ('phone', 'both') or (${table.phoneNumber} is not null and coalesce(${table.released}, 'email') = 'email'))`,
    ),
    check('contact_has_identifier', sql`${table.email} is not null or ${table.phoneNumber} is not null`),
  ],
)
