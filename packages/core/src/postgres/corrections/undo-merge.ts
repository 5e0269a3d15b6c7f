import { mergeOf, survivorOf, undoCorrection } from '../../correction.ts'
import type { Corrected } from '../../corrections.ts'
import type { PersonsMerged, RecordedEvent } from '../../event.ts'
import { type EventCursor, eventCursor, notAnEvent } from '../../event-cursor.ts'
import { unpackEvents } from '../../packed-events.ts'
import type { Client } from '../client.ts'
import { eventsAbout, placeAll } from '../events/events-about.ts'
import type { Pool } from '../pool.ts'
import { readChangeAt } from '../statements/read-changes-by-id.ts'
import { type CorrectOptions, correct } from './correct.ts'
import type { CorrectionTarget } from './lock.ts'

interface UndoTarget extends CorrectionTarget {
  readonly merge: RecordedEvent & PersonsMerged
}

/** Takes a merge back. @throws IdentityError */
export function undoMerge(
  pool: Pool,
  workspaceId: number,
  eventId: string,
  options: CorrectOptions,
): Promise<Corrected> {
  return correct(
    pool,
    workspaceId,
    (client) => targetOf(client, workspaceId, eventId),
    async (held, { merge, contactIds }) => {
      const person = survivorOf(held.persons, merge)
      const about = [...contactIds, ...person.contacts.map(({ id }) => id)]
      const later = await readLater(held.client, workspaceId, eventCursor(eventId), about)
      return undoCorrection(held, person, merge, later)
    },
    options,
  )
}

/** The persons that the merge's contacts are of now. */
async function targetOf(client: Client, workspaceId: number, eventId: string): Promise<UndoTarget> {
  const { position, index } = eventCursor(eventId, 'eventId')
  await placeAll(client, workspaceId)
  const change = await readChangeAt(client, workspaceId, position)
  const event = change && unpackEvents(position, change.at, change.events)[index]
  if (!event) throw notAnEvent(eventId, 'eventId')
  const merge = mergeOf(event)
  return { merge, contactIds: [merge.personId, ...merge.absorbed, ...merge.moved.map(({ contactId }) => contactId)] }
}

/**
 * What happened after a place in the log about contacts, or about the persons that they name, or about those that these
 * came to be: an older contact or a split gives a person another name, and the contacts may have left it since.
 */
async function readLater(
  client: Client,
  workspaceId: number,
  cursor: EventCursor,
  contactIds: readonly number[],
): Promise<RecordedEvent[]> {
  const about = new Set(contactIds)
  for (;;) {
    const later = await readAbout(client, workspaceId, cursor, about)
    const names = later.flatMap(nameGivenBy).filter((id) => !about.has(id))
    if (names.length === 0) return later
    for (const id of names) about.add(id)
  }
}

/** Another name that the event gave to a person. */
function nameGivenBy(event: RecordedEvent): number[] {
  if (event.type === 'contact.added' && event.formerPersonId !== undefined) return [event.personId]
  return event.type === 'person.split' ? [event.newPersonId] : []
}

async function readAbout(
  client: Client,
  workspaceId: number,
  { position, index }: EventCursor,
  about: ReadonlySet<number>,
): Promise<RecordedEvent[]> {
  const later: RecordedEvent[] = []
  const isLater = (change: { readonly position: number | null }) => (change.position ?? position) >= position
  for await (const events of eventsAbout(client, workspaceId, [...about], isLater)) {
    for (const event of events) {
      const cursor = eventCursor(event.id)
      if (cursor.position > position || cursor.index > index) later.push(event)
    }
  }
  return later
}
