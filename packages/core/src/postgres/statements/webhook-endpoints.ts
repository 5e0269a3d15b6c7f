import type { WebhookChange, WebhookEndpoint } from '../../webhook-store.ts'
import type { Client } from '../client.ts'

const columns = (db: Client) => db`
  id, url, types, created_at as "createdAt", disabled_at as "disabledAt", disabled_reason as "disabledReason"`

/** All endpoints of a workspace, by id. */
export async function readEndpoints(db: Client, workspaceId: number): Promise<WebhookEndpoint[]> {
  return db<WebhookEndpoint[]>`
    /* identity:read-webhook-endpoints */
    select ${columns(db)} from webhook_endpoint where workspace_id = ${workspaceId} order by id`
}

/** Adds an endpoint that has everything behind it up to a position, and nothing after it. */
export async function insertEndpoint(
  db: Client,
  workspaceId: number,
  endpoint: { url: string; secret: string; types: WebhookEndpoint['types'] },
  lastPosition: number,
): Promise<WebhookEndpoint> {
  const [row] = await db<[WebhookEndpoint]>`
    /* identity:insert-webhook-endpoint */
    insert into webhook_endpoint (workspace_id, url, secret, types, delivered_position, delivered_index)
    values (${workspaceId}, ${endpoint.url}, ${endpoint.secret}, ${jsonOf(endpoint.types)}::text::jsonb, ${lastPosition + 1}, -1)
    returning ${columns(db)}`
  return row
}

/** The endpoint that was made with this secret and has it still. */
export async function findBySecret(db: Client, workspaceId: number, secret: string): Promise<WebhookEndpoint | null> {
  const [row] = await db<WebhookEndpoint[]>`
    /* identity:find-webhook-endpoint */
    select ${columns(db)} from webhook_endpoint where workspace_id = ${workspaceId} and secret = ${secret}`
  return row ?? null
}

/** Lets the servers look into the workspace for endpoints. */
export async function noteWebhooks(db: Client, workspaceId: number): Promise<void> {
  await db`
    /* identity:note-webhooks */
    update workspace set has_webhooks = true where id = ${workspaceId} and not has_webhooks`
}

/** Changes what is named. For one that is enabled again, attempts count anew. Null where there is no such endpoint. */
export async function updateEndpoint(
  db: Client,
  workspaceId: number,
  id: number,
  { url, types, enabled }: WebhookChange,
): Promise<WebhookEndpoint | null> {
  const [row] = await db<WebhookEndpoint[]>`
    /* identity:update-webhook-endpoint */
    update webhook_endpoint set
      url = coalesce(${url ?? null}::text, url),
      types = case when ${types !== undefined}::boolean then ${jsonOf(types ?? null)}::text::jsonb else types end,
      disabled_at = case ${enabled ?? null}::boolean
        when true then null when false then coalesce(disabled_at, now()) else disabled_at end,
      disabled_reason = case ${enabled ?? null}::boolean
        when true then null when false then coalesce(disabled_reason, 'request') else disabled_reason end,
      delivery_state = case when ${enabled ?? null}::boolean and disabled_at is not null
        then delivery_state - '{failed, failuresInARow, pausedUntilMs}'::text[] else delivery_state end
    where workspace_id = ${workspaceId} and id = ${id}
    returning ${columns(db)}`
  return row ?? null
}

/**
 * Gives an endpoint a new secret, and the one it had an end. Null where there is no such endpoint. Repeated with the same
 * secret, as after a lost connection, it changes nothing: else the secret that receivers have would be forgotten.
 */
export async function replaceSecret(
  db: Client,
  workspaceId: number,
  id: number,
  secret: string,
  formerUntil: Date,
): Promise<WebhookEndpoint | null> {
  const [row] = await db<WebhookEndpoint[]>`
    /* identity:replace-webhook-secret */
    update webhook_endpoint set
      secret = ${secret}, former_secret_until = ${formerUntil},
      former_secret = case when secret = ${secret} then former_secret else secret end
    where workspace_id = ${workspaceId} and id = ${id}
    returning ${columns(db)}`
  return row ?? null
}

/** Its dead letters go with it. */
export async function deleteEndpoint(db: Client, workspaceId: number, id: number): Promise<boolean> {
  const { count } = await db`
    /* identity:delete-webhook-endpoint */
    delete from webhook_endpoint where workspace_id = ${workspaceId} and id = ${id}`
  return count > 0
}

function jsonOf(types: WebhookEndpoint['types']): string | null {
  return types && JSON.stringify(types)
}
