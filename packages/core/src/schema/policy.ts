import { sql } from 'drizzle-orm'
import { bigint, boolean, check, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { time } from './time.ts'

/** What a workspace refuses and blocks, besides its rules. No row: nothing. */
export const policy = pgTable(
  'policy',
  {
    workspaceId: integer('workspace_id').primaryKey(),
    /** Counts the changes, of the rules as well: whoever keeps a copy sees that it is old. */
    version: bigint({ mode: 'number' }).notNull().default(1),
    blockJunk: boolean('block_junk').notNull().default(false),
    maxEmails: integer('max_emails'),
    maxPhoneNumbers: integer('max_phone_numbers'),
    refusalPriority: text('refusal_priority', { enum: ['email', 'phone'] })
      .notNull()
      .default('email'),
    suspectThreshold: integer('suspect_threshold'),
    blockSuspects: boolean('block_suspects').notNull().default(false),
    /** Whether it has ever had a separation; without one, no merge looks for any. */
    hasSeparations: boolean('has_separations').notNull().default(false),
    updatedAt: time('updated_at').notNull().defaultNow(),
  },
  (table) => [
    check('policy_refusal_priority_is_known', sql`${table.refusalPriority} in ('email', 'phone')`),
    check('policy_max_emails_is_positive', sql`${table.maxEmails} >= 1`),
    check('policy_max_phone_numbers_is_positive', sql`${table.maxPhoneNumbers} >= 1`),
    check('policy_suspect_threshold_is_positive', sql`${table.suspectThreshold} >= 1`),
  ],
)
