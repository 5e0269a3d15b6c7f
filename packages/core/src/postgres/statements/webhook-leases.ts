import type { EventCursor } from '../../event-cursor.ts'
import type { WebhookEndpoint } from '../../webhook-store.ts'
import type { Client } from '../client.ts'
import { type DeliveryState, type PackedState, packState, unpackState } from '../webhooks/delivery-state.ts'

/** An endpoint as whoever delivers to it sees it. */
export interface LeasedEndpoint {
  readonly id: number
  readonly url: string
  readonly types: WebhookEndpoint['types']
  /** What signs, the newest first. */
  readonly secrets: readonly [string, ...string[]]
}

/** One that was free, and what to go on from. */
export interface TakenEndpoint extends LeasedEndpoint {
  readonly state: DeliveryState
}

interface Row {
  readonly id: number
  readonly url: string
  readonly types: WebhookEndpoint['types']
  readonly secret: string
  readonly formerSecret: string | null
}

const columns = (db: Client) => db`
  id, url, types, secret, case when former_secret_until > now() then former_secret end as "formerSecret"`

/** The workspaces that have, or had, endpoints, by id. No workspace's rows: it needs none to be set. */
export async function readWebhookWorkspaces(db: Client): Promise<number[]> {
  const rows = await db<Array<{ id: number }>>`
    /* identity:read-webhook-workspaces */
    select id from workspace where has_webhooks order by id`
  return rows.map(({ id }) => id)
}

/** The endpoints of a workspace to which something may be sent and nobody delivers. */
export async function readFreeEndpoints(db: Client, workspaceId: number): Promise<number[]> {
  const rows = await db<Array<{ id: number }>>`
    /* identity:read-free-endpoints */
    select id from webhook_endpoint
    where workspace_id = ${workspaceId} and disabled_at is null and (lease_until is null or lease_until < now())`
  return rows.map(({ id }) => id)
}

/** Takes an endpoint that is free. Null where somebody was first. */
export async function takeLease(
  db: Client,
  workspaceId: number,
  id: number,
  holder: string,
  leaseMs: number,
): Promise<TakenEndpoint | null> {
  const [row] = await db<Array<Row & EventCursor & { readonly packed: PackedState | null }>>`
    /* identity:take-webhook-lease */
    update webhook_endpoint
    set lease_holder = ${holder}, lease_until = now() + ${leaseMs} * interval '1 millisecond'
    where workspace_id = ${workspaceId} and id = ${id} and disabled_at is null
      and (lease_until is null or lease_until < now())
    returning ${columns(db)}, delivered_position as "position", delivered_index as "index", delivery_state as packed`
  if (!row) return null
  const { position, index, packed } = row
  return { ...leased(row), state: unpackState({ position, index }, packed) }
}

/** Notes how far deliveries have come, and keeps the endpoint for longer. Null where it is another's, or disabled, or gone. */
export async function renewLease(
  db: Client,
  workspaceId: number,
  id: number,
  holder: string,
  leaseMs: number,
  state: DeliveryState,
): Promise<LeasedEndpoint | null> {
  const [row] = await db<Row[]>`
    /* identity:renew-webhook-lease */
    update webhook_endpoint
    set lease_until = now() + ${leaseMs} * interval '1 millisecond',
      ${columnsOf(db, state)}
    where workspace_id = ${workspaceId} and id = ${id} and disabled_at is null and lease_holder = ${holder}
    returning ${columns(db)}`
  return row ? leased(row) : null
}

/** The endpoint as it is now. Null where it is another's, or disabled, or gone. */
export async function readLease(
  db: Client,
  workspaceId: number,
  id: number,
  holder: string,
): Promise<LeasedEndpoint | null> {
  const [row] = await db<Row[]>`
    /* identity:read-webhook-lease */
    select ${columns(db)} from webhook_endpoint
    where workspace_id = ${workspaceId} and id = ${id} and disabled_at is null and lease_holder = ${holder}`
  return row ? leased(row) : null
}

/** Notes how far deliveries have come, and leaves the endpoint to whoever comes next. */
export async function endLease(
  db: Client,
  workspaceId: number,
  id: number,
  holder: string,
  state: DeliveryState,
): Promise<void> {
  await db`
    /* identity:end-webhook-lease */
    update webhook_endpoint
    set lease_until = null, lease_holder = null, ${columnsOf(db, state)}
    where workspace_id = ${workspaceId} and id = ${id} and lease_holder = ${holder}`
}

/** The endpoint said that it is gone for good. */
export async function disableGoneEndpoint(db: Client, workspaceId: number, id: number): Promise<void> {
  await db`
    /* identity:disable-gone-endpoint */
    update webhook_endpoint set disabled_at = now(), disabled_reason = 'gone'
    where workspace_id = ${workspaceId} and id = ${id} and disabled_at is null`
}

function columnsOf(db: Client, state: DeliveryState) {
  const { position, index } = state.delivered
  const packed = packState(state)
  return db`
    delivered_position = ${position}, delivered_index = ${index},
    delivery_state = ${packed && JSON.stringify(packed)}::text::jsonb`
}

function leased({ id, url, types, secret, formerSecret }: Row): LeasedEndpoint {
  return { id, url, types, secrets: formerSecret ? [secret, formerSecret] : [secret] }
}
