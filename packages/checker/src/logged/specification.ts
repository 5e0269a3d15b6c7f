import {
  type Contact,
  type ContactAdded,
  type PersonsMerged,
  type PersonView,
  type RecordedEvent,
  undo,
  viewOf,
  WorkingSet,
} from '@identity/core'
import { isAsExpected, type Told } from '../corrected/call.ts'
import {
  AT,
  changed,
  type Done,
  type Kept,
  NO_RULES,
  NOTHING,
  outcomeOf,
  type Rules,
  refused,
} from '../corrected/specification.ts'
import type { Specification } from '../search-order.ts'
import type { LoggedCall } from './call.ts'

/** The persons, and whose calls have made them so: what an undo finds in the log is what these have written. */
interface State {
  readonly kept: Kept
  readonly doneBy: ReadonlySet<string>
}

/**
 * What calls do one after another: those that were answered, and those of which the log alone tells that they were done.
 * @param events all that the calls have written, as the log has them
 * @param rules what the workspace refuses and blocks from the start
 */
export function callsOneByOne(
  events: readonly RecordedEvent[],
  rules: Rules = NO_RULES,
): Specification<LoggedCall, State> {
  const added = events.filter(({ type }) => type === 'person.created' || type === 'contact.added')
  const createdAt = new Map(added.map((event) => [(event as ContactAdded).contactId, new Date(event.at)]))
  const addedBy = new Map(added.map((event) => [event.requestId, (event as ContactAdded).contactId]))
  const outcome = ({ asked, told, requestId }: LoggedCall, { kept, doneBy }: State): Done | null => {
    if (asked.type === 'undo') return takeBack(kept, asked.eventId, events, doneBy)
    if (asked.type === 'separate') return separate(kept, asked.contactIds)
    return outcomeOf(asked, told ?? showing(addedBy.get(requestId)), kept, { createdAt, rules })
  }
  return {
    initial: { kept: NOTHING, doneBy: new Set() },
    *apply(call, state) {
      const done = outcome(call, state)
      if (!done || !(call.told ? isAsExpected(call.told, done.told) : !('refused' in done.told))) return
      yield { kept: done.kept, doneBy: new Set([...state.doneBy, call.requestId]) }
    },
    // Whoever is left tells who has been.
    keyOf: ({ kept }) => JSON.stringify(kept),
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

/** @returns null where the merge has not happened yet */
function takeBack(
  kept: Kept,
  eventId: string,
  events: readonly RecordedEvent[],
  doneBy: ReadonlySet<string>,
): Done | null {
  const isDone = ({ requestId }: RecordedEvent) => requestId !== null && doneBy.has(requestId)
  const place = events.findIndex(({ id }) => id === eventId)
  const merge = events[place] as RecordedEvent & PersonsMerged
  if (!isDone(merge)) return null
  const person = new WorkingSet(kept.contacts).personOfAny(merge.personId)
  const erased = `Event ${eventId} cannot be undone: person ${merge.personId} was erased.`
  if (!person) return { kept, told: { refused: 'conflict', obstacles: [erased] } }
  try {
    const division = undo(person, kept.bridges, merge, events.slice(place + 1).filter(isDone), AT)
    const persons = division.persons.filter(({ contacts }) => contacts.some(isLive)).map(viewOf)
    return { kept: changed(kept, division), told: { persons } }
  } catch (error) {
    return refused(kept, error)
  }
}

function separate(kept: Kept, contactIds: readonly [number, number]): { kept: Kept; told: Told } {
  const [one, other] = contactIds.map((id) => kept.contacts.find((contact) => contact.id === id))
  if (!one || !other) return { kept, told: { refused: 'not_found' } }
  if ((one.linkedId ?? one.id) === (other.linkedId ?? other.id)) return { kept, told: { refused: 'conflict' } }
  const separations = [...kept.separations, { id: 0, contactIds }]
  return { kept: { ...kept, separations }, told: { persons: [], isSeparated: true } }
}
