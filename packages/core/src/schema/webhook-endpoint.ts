import { sql } from 'drizzle-orm'
import { bigint, check, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { time } from './time.ts'

/** Where a workspace wants its events sent, and how far that has come. */
export const webhookEndpoint = pgTable(
  'webhook_endpoint',
  {
    workspaceId: integer('workspace_id').notNull(),
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity({ name: 'webhook_endpoint_id_seq' }).notNull(),
    url: text().notNull(),
    /** Kept as it is, unlike an API key: each delivery is signed with it. */
    secret: text().notNull(),
    /** The secret before, which signs too until the time beside it. */
    formerSecret: text('former_secret'),
    formerSecretUntil: time('former_secret_until'),
    /** The types of events that it wants; null: all. */
    types: jsonb(),
    createdAt: time('created_at').notNull().defaultNow(),
    disabledAt: time('disabled_at'),
    disabledReason: text('disabled_reason', { enum: ['request', 'gone'] }),
    /** Every event up to here was acknowledged, became a dead letter, or is of a type that it does not want. */
    deliveredPosition: bigint('delivered_position', { mode: 'number' }).notNull(),
    deliveredIndex: integer('delivered_index').notNull(),
    /** What of the events after that is over, or was sent in vain and when; null where there is nothing of either. */
    deliveryState: jsonb('delivery_state'),
    /** The process that delivers, and until when nobody else may. */
    leaseHolder: text('lease_holder'),
    leaseUntil: time('lease_until'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    check(
      'webhook_endpoint_disabled_for_a_reason',
      sql`(${table.disabledAt} is null) = (${table.disabledReason} is null)`,
    ),
    check('webhook_endpoint_reason_is_known', sql`${table.disabledReason} in ('request', 'gone')`),
  ],
)
