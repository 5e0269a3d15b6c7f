import { bigint, index, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { time } from './time.ts'

/**
 * What joined two persons and left no contact (rule R4): a request with the e-mail of one contact and the phone number of
 * another. No foreign keys: a bridge to a contact that is gone joins nothing.
 */
export const bridge = pgTable(
  'bridge',
  {
    workspaceId: integer('workspace_id').notNull(),
    /** A contact that carries the request's e-mail. */
    emailContactId: bigint('email_contact_id', { mode: 'number' }).notNull(),
    /** A contact that carries its phone number. */
    phoneContactId: bigint('phone_contact_id', { mode: 'number' }).notNull(),
    at: time('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.emailContactId, table.phoneContactId] }),
    index('bridge_phone_contact_id_idx').on(table.workspaceId, table.phoneContactId),
  ],
)
