import { type Contact, compareAge, isLive } from './contact.ts'
import type { RecordedEvent } from './event.ts'
import { type Person, personOf } from './person.ts'

/** A person as it was, as far as the events since tell. */
export interface Past {
  /** Null where the contact was not there. */
  readonly person: Person | null
  /** True where something happened since of which the events do not say what it took away. */
  readonly isDoubtful: boolean
}

/**
 * Takes the events since a time back, the last one first.
 * @param contacts of every person that these events are about, as they are now
 * @param later every event about these persons since then, oldest first
 */
export function pastPerson(
  contacts: readonly Contact[],
  later: readonly RecordedEvent[],
  contactId: number,
  at: Date,
): Past {
  const rootIdOf = new Map(contacts.map(({ id, linkedId }) => [id, linkedId ?? id]))
  const deleted = new Set(contacts.filter((contact) => !isLive(contact)).map(({ id }) => id))
  const move = (id: number, rootId: number) => rootIdOf.has(id) && rootIdOf.set(id, rootId)
  let isDoubtful = false
  for (const event of later.toReversed()) {
    switch (event.type) {
      case 'person.created':
        rootIdOf.delete(event.contactId)
        break
      case 'contact.added':
        rootIdOf.delete(event.contactId)
        if (event.formerPersonId === undefined) break
        for (const [id, rootId] of rootIdOf) if (rootId === event.personId) rootIdOf.set(id, event.formerPersonId)
        break
      case 'persons.merged':
        for (const { contactId: id, from } of event.moved) move(id, from)
        break
      case 'person.split':
        for (const id of event.contactIds) move(id, event.personId)
        isDoubtful ||= event.cause === 'block'
        break
      case 'contact.deleted':
        deleted.delete(event.contactId)
        break
      case 'contact.restored':
        deleted.add(event.contactId)
        break
      case 'person.erased':
        isDoubtful = true
        break
    }
  }
  const rootId = rootIdOf.get(contactId)
  // A contact of which no event tells was there if it is old enough.
  const members = contacts.filter(({ id, createdAt }) => rootIdOf.get(id) === rootId && createdAt <= at)
  if (rootId === undefined || !members.some(({ id }) => id === contactId)) return { person: null, isDoubtful }
  const then = members.map((contact) => ({
    ...contact,
    deletedAt: deleted.has(contact.id) ? (contact.deletedAt ?? at) : null,
  }))
  // One that was erased since may have been the root.
  const root = then.find(({ id }) => id === rootId) ?? then.toSorted(compareAge)[0]!
  return {
    person: personOf(
      root,
      then.filter((contact) => contact !== root),
    ),
    isDoubtful,
  }
}
