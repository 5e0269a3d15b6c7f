import type { FieldProblem, IdentityErrorCode } from '@identity/core'
import { z } from 'zod'
import { contactId, expected, limitUpTo } from './contract-parts.ts'
import { event, eventIdText } from './event-contract.ts'
import type {
  EventList,
  EventsQuery,
  EventsSubscription,
  IdentifyBatchResponse,
  IdentifyManyResult,
  IdentifyRequest,
  IdentifyResponse,
  Person,
  PersonQuery,
  ProblemDocument,
} from './types.ts'

/*
 * The one contract, for the compiler in types.ts and for what comes over the wire here. It checks types only; what makes
 * an e-mail or a phone valid is the core's (rule R1), so that every transport refuses alike.
 */

export const MAX_BATCH_REQUESTS = 1_000

const email = z
  .string({ error: expected('a string such as "ann@example.com"') })
  .nullish()
  .meta({ description: 'E-mail address. Trimmed and lower-cased. Blank or null means absent.' })

const phoneNumber = z
  .union([z.string(), z.number()], { error: expected('a string such as "+14155550100", or a number') })
  .nullish()
  .meta({
    description:
      'Phone number, as a string or a whole number. Spaces, dashes, dots, parentheses and slashes are dropped, a leading + is kept; 1 to 20 digits must remain. Blank or null means absent.',
  })

export const identifyRequest: z.ZodType<IdentifyRequest, IdentifyRequest> = z
  .object({ email, phoneNumber }, { error: expected('a JSON object with email, phoneNumber or both') })
  .meta({
    id: 'IdentifyRequest',
    description: 'What an order tells of its customer: an e-mail, a phone number or both.',
  })

export const person: z.ZodType<Person> = z
  .object({
    primaryContactId: contactId.meta({ description: 'The oldest contact of the person.' }),
    emails: z.array(z.string()).meta({ description: "The primary's own first, then by age; none twice." }),
    phoneNumbers: z.array(z.string()).meta({ description: "The primary's own first, then by age; none twice." }),
    secondaryContactIds: z.array(contactId).meta({ description: 'All other contacts of the person, by age.' }),
  })
  .meta({ id: 'Person', description: 'The one person behind all contacts that share an e-mail or a phone number.' })

export const identifyResponse: z.ZodType<IdentifyResponse> = z
  .object({ contact: person })
  .meta({ id: 'IdentifyResponse' })

const fieldProblem = z
  .object({
    field: z.string().meta({ description: 'A key of the request, or `body` for the whole of it.' }),
    detail: z.string(),
  })
  .meta({ id: 'FieldProblem', description: 'What is wrong with one field.' })

const errorCode = z.string().meta({
  description: 'The same name on every transport. New ones may come: take one that you do not know by its status.',
  examples: ['invalid_request', 'unavailable'],
})

const identifyResult: z.ZodType<IdentifyManyResult> = z
  .discriminatedUnion('status', [
    z.object({ status: z.literal('ok'), contact: person }),
    z.object({
      status: z.literal('error'),
      error: z.object({
        code: errorCode as z.ZodType<IdentityErrorCode>,
        message: z.string().meta({ description: 'What was found, and what to do about it.' }),
        problems: z.array(fieldProblem),
        retryAfterS: z.int().nonnegative().optional().meta({ description: 'When to try again, in seconds.' }),
      }),
    }),
  ])
  .meta({ id: 'IdentifyResult', description: 'What became of one request: the person, or what was wrong.' })

/** Each request is checked by itself, so that a bad one harms no other. */
const uncheckedRequest = z.unknown().meta({ $ref: '#/components/schemas/IdentifyRequest' }) as z.ZodType<
  IdentifyRequest,
  IdentifyRequest
>

export const identifyManyRequest: z.ZodType<IdentifyRequest[], IdentifyRequest[]> = z
  .array(uncheckedRequest, { error: expected('an array of requests') })
  .max(MAX_BATCH_REQUESTS, {
    error: ({ input }) =>
      `must hold at most ${MAX_BATCH_REQUESTS} requests; found ${(input as unknown[]).length}. Send the rest in another call.`,
  })

export const identifyBatchRequest = z
  .object({ requests: identifyManyRequest }, { error: expected('a JSON object with requests') })
  .meta({ id: 'IdentifyBatchRequest', description: 'Orders, oldest first.' })

export const identifyBatchResponse: z.ZodType<IdentifyBatchResponse> = z
  .object({ results: z.array(identifyResult).meta({ description: 'Each stands where its request stood.' }) })
  .meta({ id: 'IdentifyBatchResponse' })

/** Exactly one of the three. */
export const personQuery: z.ZodType<PersonQuery, PersonQuery> = z.union(
  [
    z.strictObject({ contactId }),
    z.strictObject({ email: z.string() }),
    z.strictObject({ phoneNumber: z.union([z.string(), z.number()]) }),
  ],
  { error: expected('{ contactId }, { email } or { phoneNumber }, one of them') },
)

/** As many as one answer has. */
export const MAX_EVENTS = 1_000

export const { limit, limitText } = limitUpTo(MAX_EVENTS)

export const eventsQuery: z.ZodType<EventsQuery, EventsQuery> = z.object(
  { after: eventIdText.optional(), limit: limit.optional() },
  { error: expected('an object with after, limit or neither') },
)

/** The same as an address carries it. */
export const eventsQueryText = z.object({ after: eventIdText.optional(), limit: limitText.optional() })

export const eventsSubscription: z.ZodType<EventsSubscription, EventsSubscription> = z.object(
  { after: eventIdText.optional(), lastEventId: eventIdText.optional() },
  { error: expected('an object with after, or nothing') },
)

export const eventList: z.ZodType<EventList> = z
  .object({ events: z.array(event).meta({ description: 'In order. Go on after the last one.' }) })
  .meta({ id: 'EventList' })

/** RFC 9457. `code` and `errors` are extensions of ours. */
export const problemDocument: z.ZodType<ProblemDocument> = z
  .object({
    type: z.string().meta({ description: 'about:blank: the status and `code` say it all.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: errorCode,
    detail: z.string().meta({ description: 'What was found, and what to do about it.' }),
    errors: z
      .array(fieldProblem)
      .optional()
      .meta({ description: 'Every field that is wrong; `body` is the whole of it.' }),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' })

/** Zod's issues in the service's words: each names its field, and a whole input that is wrong is the `body`. */
export function problemsOf(error: z.ZodError): FieldProblem[] {
  return error.issues.map((issue) => {
    const field = issue.path.join('.') || 'body'
    return { field, detail: `${field} ${issue.message}` }
  })
}
