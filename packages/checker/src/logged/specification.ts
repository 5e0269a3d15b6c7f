import type { ContactAdded, PersonView, RecordedEvent } from '@identity/core'
import type { Told } from '../../corrected/call.ts'
import { type Kept, NOTHING, outcomeOf } from '../../corrected/specification.ts'
import type { Specification } from '../../search-order.ts'
import type { SimulatedAsked, SimulatedCall } from './call.ts'

/**
 * What calls do one after another: those that were answered, and those of which the log alone tells that they were done.
 * @param events the whole log
 */
export function callsOneByOne(events: readonly RecordedEvent[]): Specification<SimulatedCall, Kept> {
  const added = events.filter(({ type }) => type === 'person.created' || type === 'contact.added')
  const createdAt = new Map(added.map((event) => [(event as ContactAdded).contactId, new Date(event.at)]))
  const addedBy = new Map(added.map((event) => [event.requestId, (event as ContactAdded).contactId]))
  return {
    initial: NOTHING,
    *apply({ asked, told, requestId }, kept) {
      const done = doneBy(asked, told ?? showing(addedBy.get(requestId)), kept, createdAt)
      if (!done) return
      if (told ? JSON.stringify(done.told) === JSON.stringify(told) : !('refused' in done.told)) yield done.kept
    },
    keyOf: (kept) => JSON.stringify(kept),
    mayBeLeftOut: () => false,
  }
}

/** The calls that an order must explain: without those that came to nothing, as far as anybody was told. */
export function callsThatCount(calls: readonly SimulatedCall[], events: readonly RecordedEvent[]): SimulatedCall[] {
  const logged = new Set(events.map(({ requestId }) => requestId))
  return calls.filter(({ told, requestId }) => told !== null || logged.has(requestId))
}

/** What an answer shows of a new contact, as far as the specification reads it. */
function showing(contactId: number | undefined): Told {
  if (contactId === undefined) return { persons: [] }
  const person: PersonView = { primaryContactId: contactId, emails: [], phoneNumbers: [], secondaryContactIds: [] }
  return { persons: [person] }
}

/** @returns null where it adds a contact and the answer shows no new one */
function doneBy(asked: SimulatedAsked, told: Told, kept: Kept, createdAt: ReadonlyMap<number, Date>) {
  return asked.type === 'separate' ? separate(kept, asked.contactIds) : outcomeOf(asked, told, kept, createdAt)
}

function separate(kept: Kept, contactIds: readonly [number, number]): { kept: Kept; told: Told } {
  const [one, other] = contactIds.map((id) => kept.contacts.find((contact) => contact.id === id))
  if (!one || !other) return { kept, told: { refused: 'not_found' } }
  if ((one.linkedId ?? one.id) === (other.linkedId ?? other.id)) return { kept, told: { refused: 'conflict' } }
  const separations = [...kept.separations, { id: 0, contactIds }]
  return { kept: { ...kept, separations }, told: { persons: [], isSeparated: true } }
}
