import { IdentityError } from './errors.ts'
import type { IdentityEvent } from './event.ts'

/** Where a workspace wants its events sent. */
export interface WebhookEndpoint {
  readonly id: number
  readonly url: string
  /** The types of events that it wants; null: all. */
  readonly types: readonly IdentityEvent['type'][] | null
  readonly createdAt: Date
  /** Since when nothing is sent; null while it is enabled. */
  readonly disabledAt: Date | null
  /** `gone`: it answered 410. */
  readonly disabledReason: 'request' | 'gone' | null
}

/** Only what is named changes. */
export interface WebhookChange {
  readonly url?: string | undefined
  readonly types?: readonly IdentityEvent['type'][] | null | undefined
  readonly enabled?: boolean | undefined
}

/** Why a delivery was not acknowledged, as far as may be told: nothing of what the endpoint said. */
export type DeliveryError = (typeof DELIVERY_ERRORS)[number]

export const DELIVERY_ERRORS = [
  /** Any status but 2xx. */
  'status',
  'timeout',
  /** No connection, or it broke. */
  'connection',
  /** The name leads nowhere. */
  'name',
  /** The certificate is none that is trusted. */
  'tls',
  /** The address is none to send to: a private one, or no https. */
  'address',
  /** The event is no longer in the log. */
  'gone',
] as const

/** An event that an endpoint did not acknowledge however often it was sent. */
export interface DeadLetter {
  readonly id: number
  readonly endpointId: number
  readonly eventId: string
  /** How often it was sent. */
  readonly attempts: number
  readonly error: DeliveryError
  /** The HTTP status of the last answer, if there was one. */
  readonly status: number | null
  readonly at: Date
  /** Since when it waits to be sent again. */
  readonly retryRequestedAt: Date | null
}

export interface DeadLetterQuery {
  readonly endpointId?: number | undefined
  /** The id of the last one that was seen. */
  readonly after?: number | undefined
  readonly limit: number
}

/**
 * The endpoints of each workspace, and what could not be delivered to them.
 * @throws IdentityError `unavailable` when the store cannot serve now, `not_found` where there is nothing of that id
 */
export interface WebhookStore {
  /** Its deliveries begin with the next event. */
  createEndpoint(
    workspaceId: number,
    endpoint: { readonly url: string; readonly secret: string; readonly types: WebhookEndpoint['types'] },
  ): Promise<WebhookEndpoint>
  /** By id. */
  endpoints(workspaceId: number): Promise<WebhookEndpoint[]>
  /** One that is enabled again goes on where it stopped. */
  updateEndpoint(workspaceId: number, id: number, change: WebhookChange): Promise<WebhookEndpoint>
  /** With its dead letters. @returns whether there was one */
  deleteEndpoint(workspaceId: number, id: number): Promise<boolean>
  /** Signs with this secret from now on, and until the time given with the one before, too. */
  rotateSecret(workspaceId: number, id: number, secret: string, formerUntil: Date): Promise<WebhookEndpoint>
  /** By id. */
  deadLetters(workspaceId: number, query: DeadLetterQuery): Promise<DeadLetter[]>
  /** Has one sent again. @throws IdentityError `gone` where its event is no longer in the log */
  retryDeadLetter(workspaceId: number, id: number): Promise<DeadLetter>
  /** Has all of an endpoint sent again. @returns how many */
  retryDeadLetters(workspaceId: number, endpointId: number): Promise<number>
}

/** Each costs every server a question a second. */
export const MAX_WEBHOOK_ENDPOINTS = 20

const SECRET_BYTES = 32

/** A new secret, as Standard Webhooks writes it. */
export function drawWebhookSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES))
  return `whsec_${btoa(String.fromCharCode(...bytes))}`
}

/** @throws IdentityError `conflict` where a workspace has as many endpoints as it may */
export function refuseTooManyEndpoints(count: number): void {
  if (count < MAX_WEBHOOK_ENDPOINTS) return
  throw new IdentityError(
    'conflict',
    `This workspace has ${count} webhook endpoints, and no more than ${MAX_WEBHOOK_ENDPOINTS} are allowed. Delete one that is not used.`,
  )
}

export function noEndpoint(id: number): IdentityError {
  return new IdentityError('not_found', `There is no webhook endpoint ${id}. List those there are.`)
}

export function noDeadLetter(id: number): IdentityError {
  return new IdentityError(
    'not_found',
    `There is no dead letter ${id}: it was never there, or was delivered since. List those there are.`,
  )
}
