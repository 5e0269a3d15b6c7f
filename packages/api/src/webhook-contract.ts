import { DELIVERY_ERRORS, EVENT_TYPES } from '@identity/core'
import { z } from 'zod'
import { expected, idText, limitUpTo, positiveWholeNumber } from './contract-parts.ts'
import type {
  CreatedWebhook,
  DeadLetter,
  DeadLetterList,
  DeadLettersQuery,
  NewWebhook,
  Retries,
  WebhookEndpoint,
  WebhookList,
  WebhookUpdate,
} from './webhook-types.ts'

/** As many as one answer has. */
export const MAX_DEAD_LETTERS = 1_000
const MAX_URL_CHARACTERS = 2_048

const id = z.int(positiveWholeNumber).positive(positiveWholeNumber)
const { limit, limitText } = limitUpTo(MAX_DEAD_LETTERS)
const time = z.iso.datetime({ precision: 3 })

const url = z
  .string({ error: expected('an address such as "https://shop.example/hooks"') })
  .max(MAX_URL_CHARACTERS, { error: `must have at most ${MAX_URL_CHARACTERS.toLocaleString('en')} characters.` })
  .meta({ description: 'Where events are sent: a public https address.' })
const eventType = z.enum(EVENT_TYPES, { error: expected(`one of ${EVENT_TYPES.join(', ')}`) })
const types = z
  .array(eventType, { error: expected('an array of types of events, or null for all') })
  .min(1, { error: 'must name at least one type of event; null is all. Disable an endpoint that is to get none.' })
  .nullable()
  .meta({ description: 'The types of events that it wants; null: all.' })

const endpoint = {
  id,
  url: z.string(),
  types: z.array(z.enum(EVENT_TYPES)).nullable().meta({ description: 'The types that it wants; null: all.' }),
  createdAt: time,
  disabledAt: time.nullable().meta({ description: 'Since when nothing is sent; null while it is enabled.' }),
  disabledReason: z.enum(['request', 'gone']).nullable().meta({ description: '`gone`: it answered 410.' }),
}

const secret = z.string().meta({
  description: 'What deliveries are signed with, as Standard Webhooks writes it. Shown this once.',
})

export const webhookEndpoint: z.ZodType<WebhookEndpoint> = z
  .object(endpoint)
  .meta({ id: 'WebhookEndpoint', description: 'Where a workspace wants its events sent.' })

export const createdWebhook: z.ZodType<CreatedWebhook> = z
  .object({ ...endpoint, secret })
  .meta({ id: 'CreatedWebhook' })

export const webhookList: z.ZodType<WebhookList> = z
  .object({ endpoints: z.array(webhookEndpoint).meta({ description: 'By id.' }) })
  .meta({ id: 'WebhookList' })

const object = { error: expected('a JSON object') }

export const newWebhook: z.ZodType<NewWebhook, NewWebhook> = z
  .object({ url, types: types.optional() }, object)
  .meta({ id: 'NewWebhook' })

const changes = {
  url: url.optional(),
  types: types.optional(),
  enabled: z
    .boolean({ error: expected('true or false') })
    .optional()
    .meta({ description: 'One that is enabled again is sent all that happened meanwhile.' }),
}

/** What the body of a change has; the id is in the path. */
export const webhookChange: z.ZodType<Omit<WebhookUpdate, 'id'>, Omit<WebhookUpdate, 'id'>> = z
  .object(changes, object)
  .meta({ id: 'WebhookChange', description: 'What is left out stays.' })

export const webhookUpdate: z.ZodType<WebhookUpdate, WebhookUpdate> = z.object({ id, ...changes }, object)

export const webhookById = z.object({ id }, object)
export const webhookByIdText = z.object({ id: idText })
export const retriesOf = z.object({ endpointId: id }, object)

export const deletedWebhook = z.object({ deleted: z.boolean() }).meta({ id: 'DeletedWebhook' })

export const deadLetter: z.ZodType<DeadLetter> = z
  .object({
    id,
    endpointId: id,
    eventId: z.string().meta({ description: 'The event, as `GET /events` names it.' }),
    attempts: z.int().nonnegative().meta({ description: 'How often it was sent.' }),
    error: z.enum(DELIVERY_ERRORS).meta({
      description: 'The kind of the last failure; `gone`: the event is no longer in the log.',
    }),
    status: z.int().nullable().meta({ description: 'The HTTP status of the last answer, if there was one.' }),
    at: time,
    retryRequestedAt: time.nullable().meta({ description: 'Since when it waits to be sent again.' }),
  })
  .meta({ id: 'DeadLetter', description: 'An event that an endpoint did not acknowledge however often it was sent.' })

export const deadLetterList: z.ZodType<DeadLetterList> = z
  .object({ deadLetters: z.array(deadLetter).meta({ description: 'By id. Go on after the last one.' }) })
  .meta({ id: 'DeadLetterList' })

export const deadLettersQuery: z.ZodType<DeadLettersQuery, DeadLettersQuery> = z.object(
  { endpointId: id.optional(), after: id.optional(), limit: limit.optional() },
  object,
)

/** The same as an address carries it. */
export const deadLettersQueryText = z.object({
  endpointId: idText.optional(),
  after: idText.optional(),
  limit: limitText.optional(),
})

export const retries: z.ZodType<Retries> = z
  .object({ retries: z.int().nonnegative().meta({ description: 'How many are to be sent again.' }) })
  .meta({ id: 'Retries' })
