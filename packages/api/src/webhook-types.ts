import type { DeliveryError } from '@identity/core'
import type { Event } from './types.ts'

/** Where a workspace wants its events sent. */
export interface WebhookEndpoint {
  id: number
  url: string
  /** The types of events that it wants; null: all. */
  types: Array<Event['type']> | null
  createdAt: string
  /** Since when nothing is sent; null while it is enabled. */
  disabledAt: string | null
  /** `request`: somebody wanted it so; `gone`: it answered 410. */
  disabledReason: 'request' | 'gone' | null
}

export interface NewWebhook {
  /** https. */
  url: string
  /** @default all */
  types?: Array<Event['type']> | null | undefined
}

/** The only time that the secret is shown. */
export interface CreatedWebhook extends WebhookEndpoint {
  /** What its deliveries are signed with, as Standard Webhooks writes it: `whsec_…`. */
  secret: string
}

export interface WebhookList {
  /** By id. */
  endpoints: WebhookEndpoint[]
}

/** What is left out stays. */
export interface WebhookUpdate {
  id: number
  url?: string | undefined
  types?: Array<Event['type']> | null | undefined
  /** One that is enabled again is sent all that happened meanwhile. */
  enabled?: boolean | undefined
}

/** An event that an endpoint did not acknowledge however often it was sent. */
export interface DeadLetter {
  id: number
  endpointId: number
  eventId: string
  /** How often it was sent. */
  attempts: number
  /** The kind of the last failure. */
  error: DeliveryError
  /** The HTTP status of the last answer, if there was one. */
  status: number | null
  at: string
  /** Since when it waits to be sent again. */
  retryRequestedAt: string | null
}

export interface DeadLettersQuery {
  /** @default those of all endpoints */
  endpointId?: number | undefined
  /** The id of the last one that was seen. */
  after?: number | undefined
  /** How many at the most, 1 to 1,000. @default 100 */
  limit?: number | undefined
}

export interface DeadLetterList {
  /** By id. Go on after the last one. */
  deadLetters: DeadLetter[]
}

export interface Retries {
  /** How many are to be sent again. */
  retries: number
}

/** What can be done about webhooks, whatever the transport. Each throws IdentityError only. */
export interface WebhookOperations {
  /** Its deliveries begin with the next event. */
  create(webhook: NewWebhook): Promise<CreatedWebhook>
  list(): Promise<WebhookList>
  update(update: WebhookUpdate): Promise<WebhookEndpoint>
  /** With its dead letters. */
  delete(query: { id: number }): Promise<{ deleted: boolean }>
  /** Signs with a new secret from now on, and for 24 hours with the one before, too. */
  rotateSecret(query: { id: number }): Promise<CreatedWebhook>
  listDeadLetters(query: DeadLettersQuery): Promise<DeadLetterList>
  retryDeadLetter(query: { id: number }): Promise<DeadLetter>
  /** All of an endpoint. */
  retryDeadLetters(query: { endpointId: number }): Promise<Retries>
}
