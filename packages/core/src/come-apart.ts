import type { Bridge } from './bridge.ts'
import { partsAfter } from './components.ts'
import { type Contact, isLive } from './contact.ts'
import { type Division, divide, released } from './divide.ts'
import { IdentityError } from './errors.ts'
import type { Identifier } from './identifier.ts'
import type { Person } from './person.ts'

/**
 * What blocking values does to a person who has some: they are released on all its contacts, deleted ones included, and
 * the person comes to the parts that are still joined, of which the one with the oldest contact keeps the person's name.
 * A contact that nothing links any more becomes a person of its own, whose answer has no values. Null where the person
 * has no blocked value.
 */
export function comeApart(
  person: Person,
  bridges: readonly Bridge[],
  isBlocked: (identifier: Identifier) => boolean,
  at: Date,
): Division | null {
  const contacts = person.contacts.map((contact) => released(contact, isBlocked))
  if (contacts.every((contact, n) => contact === person.contacts[n])) return null
  return divided(person, bridges, contacts, at)
}

/**
 * What deleting a contact does: it neither matches nor shows (rule R6), and the person comes to the parts that are still
 * joined without it. The part with the oldest contact keeps the root, be that the deleted contact: it still names the
 * person in links and events, while the oldest contact that is left is the primary. So a deletion moves no contact
 * that stays with its person, and a restoration has the root where it was.
 * @throws IdentityError `not_found` where it is no live contact of the person
 */
export function deleteContact(person: Person, bridges: readonly Bridge[], contactId: number, at: Date): Division {
  if (!person.contacts.some((contact) => contact.id === contactId && isLive(contact))) {
    throw new IdentityError('not_found', `There is no contact ${contactId}, or it is deleted already.`)
  }
  const contacts = person.contacts.map((contact) =>
    contact.id === contactId ? { ...contact, deletedAt: at, updatedAt: at } : contact,
  )
  return divided(person, bridges, contacts, at)
}

function divided(person: Person, bridges: readonly Bridge[], contacts: readonly Contact[], at: Date): Division {
  const parts = partsAfter(person.contacts, contacts, bridges)
  return divide(person, bridges, parts.length === 0 ? [[]] : parts, at, { contacts })
}
