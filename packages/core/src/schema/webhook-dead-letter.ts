import { sql } from 'drizzle-orm'
import { bigint, foreignKey, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { time } from './time.ts'
import { webhookEndpoint } from './webhook-endpoint.ts'

/** An event that an endpoint did not acknowledge however often it was sent. The event itself is in the log only. */
export const webhookDeadLetter = pgTable(
  'webhook_dead_letter',
  {
    workspaceId: integer('workspace_id').notNull(),
    id: bigint({ mode: 'number' }).generatedByDefaultAsIdentity({ name: 'webhook_dead_letter_id_seq' }).notNull(),
    endpointId: bigint('endpoint_id', { mode: 'number' }).notNull(),
    eventPosition: bigint('event_position', { mode: 'number' }).notNull(),
    eventIndex: integer('event_index').notNull(),
    attempts: integer().notNull(),
    /** The kind of the last failure; never what the endpoint answered. */
    error: text().notNull(),
    /** The HTTP status of the last answer, if there was one. */
    status: integer(),
    at: time('at').notNull(),
    /** Set while it is to be sent again. */
    retryRequestedAt: time('retry_requested_at'),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    unique('webhook_dead_letter_event_key').on(
      table.workspaceId,
      table.endpointId,
      table.eventPosition,
      table.eventIndex,
    ),
    foreignKey({
      name: 'webhook_dead_letter_endpoint_id_fkey',
      columns: [table.workspaceId, table.endpointId],
      foreignColumns: [webhookEndpoint.workspaceId, webhookEndpoint.id],
    }).onDelete('cascade'),
    index('webhook_dead_letter_retry_idx')
      .on(table.workspaceId, table.endpointId, table.id)
      .where(sql`${table.retryRequestedAt} is not null`),
  ],
)
