import {
  type Contact,
  type ContactAdded,
  IdentityError,
  type PersonsMerged,
  type PersonView,
  type RecordedEvent,
  undo,
  viewOf,
  WorkingSet,
} from '@identity/core'
import type { Told } from '../corrected/call.ts'
import { AT, changed, type Kept, NOTHING, outcomeOf } from '../corrected/specification.ts'
import type { Specification } from '../search-order.ts'
import type { LoggedCall } from './call.ts'

/**
 * What calls do one after another: those that were answered, and those of which the log alone tells that they were done.
 * @param events the whole log
 */
export function callsOneByOne(events: readonly RecordedEvent[]): Specification<LoggedCall, Kept> {
  const added = events.filter(({ type }) => type === 'person.created' || type === 'contact.added')
  const createdAt = new Map(added.map((event) => [(event as ContactAdded).contactId, new Date(event.at)]))
  const addedBy = new Map(added.map((event) => [event.requestId, (event as ContactAdded).contactId]))
  return {
    initial: NOTHING,
    *apply({ asked, told, requestId }, kept) {
      if (asked.type === 'undo') {
        yield* undone(kept, { eventId: asked.eventId, told, requestId }, events)
        return
      }
      const done =
        asked.type === 'separate'
          ? separate(kept, asked.contactIds)
          : outcomeOf(asked, told ?? showing(addedBy.get(requestId)), kept, createdAt)
      if (!done) return
      if (told ? JSON.stringify(done.told) === JSON.stringify(told) : !('refused' in done.told)) yield done.kept
    },
    keyOf: (kept) => JSON.stringify(kept),
    mayBeLeftOut: () => false,
  }
}

/** The calls that an order must explain: without those that came to nothing, as far as anybody was told. */
export function callsThatCount(calls: readonly LoggedCall[], events: readonly RecordedEvent[]): LoggedCall[] {
  const logged = new Set(events.map(({ requestId }) => requestId))
  return calls.filter(({ told, requestId }) => told !== null || logged.has(requestId))
}

function isLive({ deletedAt }: Contact): boolean {
  return deletedAt === null
}

/** What an answer shows of a new contact, as far as the specification reads it. */
function showing(contactId: number | undefined): Told {
  if (contactId === undefined) return { persons: [] }
  const person: PersonView = { primaryContactId: contactId, emails: [], phoneNumbers: [], secondaryContactIds: [] }
  return { persons: [person] }
}

/**
 * An undo that was done has the log to say what happened since the merge; of one that was refused, only that it changed
 * nothing is known.
 */
function* undone(
  kept: Kept,
  { eventId, told, requestId }: { eventId: string } & Pick<LoggedCall, 'told' | 'requestId'>,
  events: readonly RecordedEvent[],
): Iterable<Kept> {
  if (told && 'refused' in told) {
    yield kept
    return
  }
  const place = events.findIndex(({ id }) => id === eventId)
  const merge = events[place] as RecordedEvent & PersonsMerged
  const end = events.findIndex((event) => event.requestId === requestId)
  const person = new WorkingSet(kept.contacts).personOfAny(merge.personId)
  if (!person || end < 0) return
  try {
    const division = undo(person, kept.bridges, merge, events.slice(place + 1, end), AT)
    const persons = division.persons.filter(({ contacts }) => contacts.some(isLive)).map(viewOf)
    if (!told || JSON.stringify(told) === JSON.stringify({ persons })) yield changed(kept, division)
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error
  }
}

function separate(kept: Kept, contactIds: readonly [number, number]): { kept: Kept; told: Told } {
  const [one, other] = contactIds.map((id) => kept.contacts.find((contact) => contact.id === id))
  if (!one || !other) return { kept, told: { refused: 'not_found' } }
  if ((one.linkedId ?? one.id) === (other.linkedId ?? other.id)) return { kept, told: { refused: 'conflict' } }
  const separations = [...kept.separations, { id: 0, contactIds }]
  return { kept: { ...kept, separations }, told: { persons: [], isSeparated: true } }
}
