import { z } from 'zod'
import { eventsQueryText, limit, person, personQuery } from './contract.ts'
import { contactId, expected, idText } from './contract-parts.ts'
import type {
  AsOfQuery,
  AsOfResponse,
  ContactRequest,
  CorrectionResponse,
  EraseRequest,
  EraseResponse,
  ExplainRequest,
  ExplainResponse,
  HistoryQuery,
  SplitRequest,
  SplitResponse,
  UndoRequest,
} from './correction-types.ts'
import { eventIdText } from './event-contract.ts'

/** As many as one split takes: a person of more is split in steps. */
const MAX_SPLIT_CONTACTS = 10_000

const flag = z.boolean({ error: expected('true or false') })
const dryRun = flag.optional().meta({ description: 'Whether only to say what would be done.' })
const at = z.iso.datetime({ offset: true, error: expected('a time with its zone, such as "2024-05-01T00:00:00Z"') })

export const splitRequest: z.ZodType<SplitRequest, SplitRequest> = z
  .strictObject(
    {
      contactIds: z
        .array(contactId, { error: expected('an array of contact ids') })
        .min(1, { error: 'must name at least one contact; found none.' })
        .max(MAX_SPLIT_CONTACTS, { error: `must name at most ${MAX_SPLIT_CONTACTS} contacts.` })
        .meta({ description: 'Contacts of one person, which become a person of their own.' }),
      keepApart: flag
        .optional()
        .meta({ description: 'Whether the two are kept apart from now on. They are where nothing is said.' }),
      dryRun,
    },
    { error: expected('an object with contactIds') },
  )
  .meta({ id: 'SplitRequest' })

const persons = z
  .array(person)
  .meta({ description: 'What it comes to: every person with a contact that is not deleted.' })

export const correctionResponse: z.ZodType<CorrectionResponse> = z.object({ persons }).meta({ id: 'Corrected' })

export const splitResponse: z.ZodType<SplitResponse> = z
  .object({
    persons,
    separationId: z.int().positive().nullable().meta({ description: 'What keeps the two apart, if anything does.' }),
  })
  .meta({ id: 'SplitResponse' })

export const undoRequest: z.ZodType<UndoRequest, UndoRequest> = z
  .strictObject(
    { eventId: eventIdText.meta({ description: 'The id of an event persons.merged.' }), dryRun },
    { error: expected('an object with eventId') },
  )
  .meta({ id: 'UndoRequest' })

export const contactRequest: z.ZodType<ContactRequest, ContactRequest> = z
  .strictObject({ contactId, dryRun }, { error: expected('an object with contactId') })
  .meta({ id: 'ContactRequest' })

const reason = z
  .string({ error: expected('a text') })
  .regex(/^[A-Za-z][A-Za-z _-]{0,63}$/, {
    error: 'must be 1 to 64 letters, spaces, - and _, beginning with a letter, as it is kept and must name nobody.',
  })
  .nullish()
  .meta({ description: 'Why, in letters, spaces, - and _: it is kept in the event, and must name nobody.' })

export const eraseRequest: z.ZodType<EraseRequest, EraseRequest> = z
  .strictObject({ contactId, reason, dryRun }, { error: expected('an object with contactId') })
  .meta({ id: 'EraseRequest' })

export const eraseResponse: z.ZodType<EraseResponse> = z
  .object({
    contactIds: z.array(contactId).meta({ description: 'The contacts that are gone, deleted ones included.' }),
    identifierCount: z.int().nonnegative().meta({ description: 'How many values are gone with them.' }),
  })
  .meta({ id: 'EraseResponse' })

export const explainRequest: z.ZodType<ExplainRequest, ExplainRequest> = z
  .strictObject({ from: personQuery, to: personQuery }, { error: expected('an object with from and to') })
  .meta({ id: 'ExplainRequest', description: 'Two values or contacts of one person.' })

export const explainResponse: z.ZodType<ExplainResponse> = z
  .object({
    sentence: z.string().meta({ description: 'To be read out. It names values.' }),
    contacts: z.array(z.object({ id: contactId, email: z.string().nullable(), phoneNumber: z.string().nullable() })),
    links: z.array(
      z.discriminatedUnion('by', [
        z.object({ by: z.literal('identifier'), kind: z.enum(['email', 'phone']), value: z.string() }),
        z.object({ by: z.literal('request'), at: z.iso.datetime({ precision: 3 }) }),
        z.object({ by: z.literal('unrecorded') }),
      ]),
    ),
  })
  .meta({ id: 'Explanation', description: 'The shortest chain of contacts, and what joins each to the next.' })

export const historyQuery: z.ZodType<HistoryQuery, HistoryQuery> = z.strictObject(
  { contactId, after: eventIdText.optional(), limit: limit.optional() },
  { error: expected('an object with contactId') },
)

/** The same as an address carries it. */
export const historyQueryText = eventsQueryText.extend({ contactId: idText })

export const asOfQuery: z.ZodType<AsOfQuery, AsOfQuery> = z.strictObject(
  { contactId, at },
  { error: expected('an object with contactId and at') },
)

/** The same as an address carries it. */
export const asOfQueryText = z.object({ contactId: idText, at })

export const asOfResponse: z.ZodType<AsOfResponse> = z
  .object({
    contact: person.nullable().meta({ description: 'Null where all of its contacts were deleted.' }),
    isComplete: z.boolean().meta({ description: 'False where the log does not tell all: then this is what is known.' }),
    logBeginsAt: z.iso
      .datetime({ precision: 3 })
      .nullable()
      .meta({ description: 'When the oldest event that is kept happened.' }),
  })
  .meta({ id: 'PastPerson' })
