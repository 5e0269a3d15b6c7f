import type { Bridge } from './bridge.ts'
import { type Contact, isLive } from './contact.ts'
import { noContact, personsOf } from './correction.ts'
import { IdentityError } from './errors.ts'
import type { RecordedEvent } from './event.ts'
import { eventCursor } from './event-cursor.ts'
import { type ExplainEnd, type Explanation, explain } from './explain.ts'
import type { Identifier } from './identifier.ts'
import type { PastPerson } from './inquiries.ts'
import { pastPerson } from './past-person.ts'
import { viewOf } from './person.ts'
import type { EventQuery } from './store.ts'
import { addedContactId, subjectsOf } from './subjects.ts'

/** What a store has on record of one workspace, at one moment. */
export interface Records {
  /** Every contact of the persons that contacts are of, deleted ones included. */
  contactsOf(contactIds: readonly number[]): Promise<readonly Contact[]>
  /** Every contact of the person that has a value. */
  contactsWith(identifier: Identifier): Promise<readonly Contact[]>
  bridgesOf(contactIds: readonly number[]): Promise<readonly Bridge[]>
  /** The events that added one of the contacts, or that one of them is a subject of, in the order of the log. */
  eventsAbout(contactIds: readonly number[]): Promise<readonly RecordedEvent[]>
  /** When the oldest event that is kept happened. */
  logBeginsAt(): Promise<Date | null>
}

/** Contacts that one question about the past may come to. */
const MAX_CONTACTS = 50_000

/** @throws IdentityError `not_found` */
export async function explainEnds(records: Records, from: ExplainEnd, to: ExplainEnd): Promise<Explanation> {
  const contacts = await ('contactId' in from
    ? records.contactsOf([from.contactId])
    : records.contactsWith(from.identifier))
  const [person] = personsOf(contacts)
  if (!person) {
    const what = 'contactId' in from ? `contact ${from.contactId}` : `person with this ${from.identifier.kind}`
    throw new IdentityError('not_found', `There is no ${what}.`)
  }
  return explain(person, await records.bridgesOf(contacts.map(({ id }) => id)), from, to)
}

/**
 * The events about the person that a contact is of: what added its contacts, what they were subjects of, and, before the
 * person was split off another, what that one was a subject of.
 * @throws IdentityError `not_found`
 */
export async function historyOf(
  records: Records,
  contactId: number,
  { after, limit }: EventQuery,
): Promise<RecordedEvent[]> {
  const contacts = await records.contactsOf([contactId])
  /** The names of the person, and the event up to which each was its own. */
  const names = new Map<number, string | null>()
  const events = new Map<string, RecordedEvent>()
  let fresh = new Map<number, string | null>([[contactId, null]])
  for (const { id } of contacts) fresh.set(id, null)
  while (fresh.size > 0) {
    for (const [name, until] of fresh) names.set(name, until)
    const found = await records.eventsAbout([...fresh.keys()])
    fresh = new Map()
    for (const event of found) {
      if (!concerns(event, names)) continue
      events.set(event.id, event)
      if (event.type === 'person.split' && !names.has(event.personId)) fresh.set(event.personId, event.id)
    }
  }
  if (contacts.length === 0 && events.size === 0) throw noContact(contactId)
  return [...events.values()]
    .filter(({ id }) => after === undefined || comparePlaces(id, after) > 0)
    .sort((a, b) => comparePlaces(a.id, b.id))
    .slice(0, limit)
}

function concerns(event: RecordedEvent, names: ReadonlyMap<number, string | null>): boolean {
  return idsOf(event).some((id) => {
    const until = names.get(id)
    return until !== undefined && (until === null || comparePlaces(event.id, until) <= 0)
  })
}

function idsOf(event: RecordedEvent): number[] {
  const added = addedContactId(event)
  return added === undefined ? subjectsOf(event) : [added]
}

function comparePlaces(a: string, b: string): number {
  const [one, other] = [eventCursor(a), eventCursor(b)]
  return one.position - other.position || one.index - other.index
}

/** @throws IdentityError `not_found`; `conflict` where it would take too much */
export async function personAsOf(records: Records, contactId: number, at: Date): Promise<PastPerson> {
  const contacts = new Map<number, Contact>()
  let events: readonly RecordedEvent[] = []
  let wanted = [contactId]
  while (wanted.length > 0) {
    const size = contacts.size
    for (const contact of await records.contactsOf(wanted)) contacts.set(contact.id, contact)
    if (contacts.size > MAX_CONTACTS) throw tooMany(contactId)
    if (contacts.size === size) break
    events = await records.eventsAbout([...contacts.keys()])
    const mentioned = new Set(events.filter((event) => isAfter(event, at)).flatMap(mentionedBy))
    wanted = [...mentioned].filter((id) => !contacts.has(id))
  }
  const later = events.filter((event) => isAfter(event, at))
  const { person, isDoubtful } = pastPerson([...contacts.values()], later, contactId, at)
  const logBeginsAt = await records.logBeginsAt()
  if (!person) {
    const seen = contacts.has(contactId) ? `Contact ${contactId} was not there at ${at.toISOString()}` : null
    throw new IdentityError('not_found', `${seen ?? `There is no contact ${contactId}`}.`)
  }
  const onRecord = new Set(events.map(addedContactId))
  const reachesBack = (logBeginsAt !== null && logBeginsAt <= at) || person.contacts.every(({ id }) => onRecord.has(id))
  return {
    person: person.contacts.some(isLive) ? viewOf(person) : null,
    isComplete: reachesBack && !isDoubtful,
    logBeginsAt,
  }
}

function isAfter(event: RecordedEvent, at: Date): boolean {
  return Date.parse(event.at) > at.getTime()
}

/** Contacts of persons that an event is about: where they are now, the person's contacts of then are. */
function mentionedBy(event: RecordedEvent): number[] {
  if (event.type === 'persons.merged') return [...subjectsOf(event), ...event.moved.map(({ contactId }) => contactId)]
  if (event.type === 'person.split') return [...subjectsOf(event), ...event.contactIds]
  return event.type === 'contact.added' ? [event.personId] : subjectsOf(event)
}

function tooMany(contactId: number): IdentityError {
  return new IdentityError(
    'conflict',
    `What happened since to the person of contact ${contactId} is about more than ${MAX_CONTACTS} contacts. Ask for a later time.`,
  )
}
