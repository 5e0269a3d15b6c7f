import { type EventCursor, eventId } from '../../event-cursor.ts'
import type { DeadLetter, DeadLetterQuery, DeliveryError } from '../../webhook-store.ts'
import type { Client } from '../client.ts'

interface Row extends Omit<DeadLetter, 'eventId'>, EventCursor {}

const columns = (db: Client) => db`
  id, endpoint_id as "endpointId", event_position as "position", event_index as "index", attempts, error, status, at,
  retry_requested_at as "retryRequestedAt"`

/** A page of a workspace's dead letters, or of one endpoint's, by id. */
export async function readDeadLetters(
  db: Client,
  workspaceId: number,
  { endpointId, after = 0, limit }: DeadLetterQuery,
): Promise<DeadLetter[]> {
  const rows = await db<Row[]>`
    /* identity:read-dead-letters */
    select ${columns(db)} from webhook_dead_letter
    where workspace_id = ${workspaceId} and id > ${after}
      and (${endpointId ?? null}::bigint is null or endpoint_id = ${endpointId ?? null})
    order by id
    limit ${limit}`
  return rows.map(deadLetter)
}

/** How many an endpoint has. */
export async function countDeadLetters(db: Client, workspaceId: number, endpointId: number): Promise<number> {
  const [row] = await db<[{ count: number }]>`
    /* identity:count-dead-letters */
    select count(*)::int as count from webhook_dead_letter
    where workspace_id = ${workspaceId} and endpoint_id = ${endpointId}`
  return row.count
}

/** Locks a dead letter. Null where there is none of that id. */
export async function lockDeadLetter(
  db: Client,
  workspaceId: number,
  id: number,
): Promise<(DeadLetter & { readonly cursor: EventCursor }) | null> {
  const [row] = await db<Row[]>`
    /* identity:lock-dead-letter */
    select ${columns(db)} from webhook_dead_letter where workspace_id = ${workspaceId} and id = ${id} for update`
  return row ? { ...deadLetter(row), cursor: { position: row.position, index: row.index } } : null
}

/** Has it sent again. */
export async function requestRetry(db: Client, workspaceId: number, id: number): Promise<DeadLetter> {
  const [row] = await db<[Row]>`
    /* identity:request-retry */
    update webhook_dead_letter set retry_requested_at = coalesce(retry_requested_at, now())
    where workspace_id = ${workspaceId} and id = ${id}
    returning ${columns(db)}`
  return deadLetter(row)
}

/** Has all of an endpoint sent again that are not waiting for it. @returns how many */
export async function requestRetries(db: Client, workspaceId: number, endpointId: number): Promise<number> {
  const { count } = await db`
    /* identity:request-retries */
    update webhook_dead_letter set retry_requested_at = now()
    where workspace_id = ${workspaceId} and endpoint_id = ${endpointId} and retry_requested_at is null`
  return count
}

/** Those that are to be sent again and not among these, oldest first. */
export async function readRequestedRetries(
  db: Client,
  workspaceId: number,
  endpointId: number,
  known: readonly number[],
  limit: number,
): Promise<Array<{ readonly id: number } & EventCursor>> {
  return db<Array<{ id: number } & EventCursor>>`
    /* identity:read-requested-retries */
    select id, event_position as "position", event_index as "index" from webhook_dead_letter
    where workspace_id = ${workspaceId} and endpoint_id = ${endpointId} and retry_requested_at is not null
      and not id = any(${[...known]}::bigint[])
    order by id
    limit ${limit}`
}

/** What was tried, and how it ended. */
export interface Failure {
  /** Since it was last a dead letter, if it was. */
  readonly attempts: number
  readonly error: DeliveryError
  readonly status: number | null
}

/** Notes that an event could not be delivered; of one that was sent again, all attempts count. */
export async function keepDeadLetter(
  db: Client,
  workspaceId: number,
  endpointId: number,
  { position, index }: EventCursor,
  { attempts, error, status }: Failure,
): Promise<void> {
  await db`
    /* identity:keep-dead-letter */
    insert into webhook_dead_letter
      (workspace_id, endpoint_id, event_position, event_index, attempts, error, status, at)
    values (${workspaceId}, ${endpointId}, ${position}, ${index}, ${attempts}, ${error}, ${status}, now())
    on conflict (workspace_id, endpoint_id, event_position, event_index) do update
    set attempts = webhook_dead_letter.attempts + excluded.attempts, error = excluded.error, status = excluded.status, at = excluded.at,
      retry_requested_at = null`
}

/** It was delivered after all. */
export async function deleteDeadLetter(db: Client, workspaceId: number, id: number): Promise<void> {
  await db`
    /* identity:delete-dead-letter */
    delete from webhook_dead_letter where workspace_id = ${workspaceId} and id = ${id}`
}

function deadLetter({ position, index, ...rest }: Row): DeadLetter {
  return { ...rest, eventId: eventId({ position, index }) }
}
