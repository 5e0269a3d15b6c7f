import { z } from 'zod'
import { contactId, expected } from './contract-parts.ts'
import type { Event } from './types.ts'

/** What an event's id looks like; whether there is one, the store knows. */
export const eventIdText = z.string({ error: expected('the id of an event, such as "17-0"') })

const personId = contactId.meta({ description: 'The person: the id of the contact that all its others point at.' })
const contactIds = z.array(contactId)
const ruleId = z.int().positive()
const separationId = z.int().positive()

const envelope = {
  id: z.string().meta({ description: 'Its place in the log: `after` of the next list. Opaque.' }),
  at: z.iso.datetime({ precision: 3 }).meta({ description: 'When it happened, UTC.' }),
  actor: z.string().nullable().meta({ description: 'The id of the API key; null where none was asked for.' }),
  requestId: z.string().nullable().meta({ description: 'The request that did it; null where a command did.' }),
}

function typed<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return z.object({ ...envelope, type: z.literal(type), ...shape })
}

/** The documented merge. */
const EXAMPLE: Event = {
  id: '17-0',
  at: '2023-04-23T10:00:00.374Z',
  actor: 'k4Jx2bQ9',
  requestId: 'req-8',
  type: 'persons.merged',
  personId: 11,
  absorbed: [27],
  by: { email: 11, phone: 27 },
  contactId: null,
  moved: [{ contactId: 27, from: 27 }],
}

/** Every type of event, also those that come with later versions of the service. */
export const event: z.ZodType<Event> = z
  .discriminatedUnion('type', [
    typed('person.created', { personId, contactId }),
    typed('contact.added', {
      personId,
      contactId,
      formerPersonId: contactId
        .optional()
        .meta({ description: 'The name of the person until then, where the new contact is its oldest.' }),
    }),
    typed('persons.merged', {
      personId,
      absorbed: z.array(contactId).meta({ description: 'The persons that are part of it from now on.' }),
      by: z
        .object({ email: contactId.nullable(), phone: contactId.nullable() })
        .meta({ description: 'The identifiers of the request that did it, by the contacts that carry them.' }),
      contactId: contactId.nullable().meta({ description: 'The contact that the request added, if any.' }),
      moved: z.array(z.object({ contactId, from: contactId })).meta({
        description: 'Every contact that came from another person, and that person.',
      }),
    }),
    typed('merge.refused', {
      personId,
      otherPersonId: contactId
        .nullable()
        .meta({ description: 'The person that was not joined; null where a value was not added.' }),
      reason: z.enum(['separation', 'email-limit', 'phone-limit']),
      separationId: separationId.optional(),
      count: z.int().positive().meta({
        description: 'How often this was refused, this time included: told at the first and at each power of ten.',
      }),
    }),
    typed('person.split', {
      personId,
      newPersonId: contactId,
      contactIds: contactIds.meta({ description: 'The contacts of the new person.' }),
      cause: z.enum(['split', 'undo', 'block', 'delete']),
      eventId: z.string().optional().meta({ description: 'With the cause undo: the merge that was undone.' }),
      separations: z.array(separationId).meta({ description: 'What keeps the two apart from now on.' }),
    }),
    typed('identifier.blocked', { ruleId }),
    typed('identifier.unblocked', { ruleId }),
    typed('contacts.separated', { separationId, contactIds }),
    typed('contacts.released', { separationId, contactIds }),
    typed('contact.deleted', { personId, contactId }),
    typed('contact.restored', { personId, contactId }),
    typed('person.erased', {
      personId,
      contactIds: contactIds.meta({ description: 'Those that are gone.' }),
      reason: z.string().optional().meta({ description: 'Why, in words that name nobody.' }),
    }),
    typed('identifier.suspected', { contactId, kind: z.enum(['email', 'phone']) }),
  ])
  .meta({
    id: 'Event',
    examples: [EXAMPLE],
    description: 'What happened, by ids alone. New types may come: leave out those you do not know.',
  })
