import type { Bridge } from './bridge.ts'
import type { Contact } from './contact.ts'
import { type Division, divide } from './divide.ts'
import type { PersonErased } from './event.ts'
import { type Identifier, identifiersOf } from './identifier.ts'
import { IdentifierMap } from './identifier-map.ts'
import type { Person } from './person.ts'
import type { FindPerson } from './reconcile.ts'
import type { Separation } from './separations.ts'

/** What goes with a person. */
export interface Erasure {
  /** Every contact, deleted ones included: their rows go, and their ids are never used again. */
  readonly contactIds: readonly number[]
  /**
   * The person's values: what claims them goes, and so does whatever else holds them, released copies on other
   * persons' contacts included. A value that another person has now is that person's, and is not among them.
   */
  readonly identifiers: readonly Identifier[]
  /** Bridges and separations that name a contact of the person, and would name nobody. */
  readonly bridges: readonly Bridge[]
  readonly separations: readonly Separation[]
  /** What remains: ids, and no values. */
  readonly event: PersonErased
}

/** What erasing a person takes away. */
export function erase(
  person: Person,
  bridges: readonly Bridge[],
  separations: readonly Separation[],
  find: FindPerson,
): Erasure {
  const contactIds = person.contacts.map(({ id }) => id)
  const ids = new Set(contactIds)
  const seen = new IdentifierMap<true>()
  const identifiers = person.contacts.flatMap(identifiersOf).filter((identifier) => {
    const owner = find(identifier)
    if (seen.has(identifier) || (owner && owner.root.id !== person.root.id)) return false
    seen.set(identifier, true)
    return true
  })
  return {
    contactIds,
    identifiers,
    bridges: bridges.filter(({ emailContactId, phoneContactId }) => ids.has(emailContactId) || ids.has(phoneContactId)),
    separations: separations.filter(({ contactIds: [a, b] }) => ids.has(a) || ids.has(b)),
    event: { type: 'person.erased', personId: person.root.id, contactIds },
  }
}

/** What an erasure does to another person, on whose contacts copies of the erased values were, as released ones. */
export interface Scrubbing {
  /** Contacts that had nothing else, whose rows go as well. */
  readonly goneIds: readonly number[]
  /** The person without them; null where nothing remains of it. */
  readonly division: Division | null
}

/** Takes erased values off the contacts of another person, where they are released. Null where there are none. */
export function scrub(person: Person, isErased: (identifier: Identifier) => boolean, at: Date): Scrubbing | null {
  const contacts = person.contacts.map((contact) => scrubbed(contact, isErased))
  if (contacts.every((contact, n) => contact === person.contacts[n])) return null
  const kept = contacts.filter(({ email, phoneNumber }) => email !== null || phoneNumber !== null)
  const gone = contacts.filter((contact) => !kept.includes(contact))
  const division = kept.length === 0 ? null : divide(person, [], [kept], at, { contacts: kept })
  return { goneIds: gone.map(({ id }) => id), division }
}

function scrubbed(contact: Contact, isErased: (identifier: Identifier) => boolean): Contact {
  const { email, phoneNumber, emailReleased, phoneReleased } = contact
  const losesEmail = emailReleased === true && email !== null && isErased({ kind: 'email', value: email })
  const losesPhone = phoneReleased === true && phoneNumber !== null && isErased({ kind: 'phone', value: phoneNumber })
  if (!losesEmail && !losesPhone) return contact
  return {
    ...contact,
    ...(losesEmail ? { email: null, emailReleased: false } : {}),
    ...(losesPhone ? { phoneNumber: null, phoneReleased: false } : {}),
  }
}
