import { type Contact, compareAge, isLive } from './contact.ts'
import { linkingEmail, linkingPhone } from './identifier.ts'

/**
 * The contacts that shared identifiers join. `root` is the contact without a link, which all others point at;
 * `contacts` holds every one of them, the root and deleted ones included, oldest first.
 */
export interface Person {
  readonly root: Contact
  readonly contacts: readonly Contact[]
}

/** What a caller sees of a person (rule R5), without the envelope. */
export interface PersonView {
  primaryContactId: number
  emails: string[]
  phoneNumbers: string[]
  secondaryContactIds: number[]
}

/** The contact that names the person: the root, or the oldest live contact where the root is deleted (rule R6). */
export function primaryOf(person: Person): Contact {
  return isLive(person.root) ? person.root : (person.contacts.find(isLive) ?? person.root)
}

export function personOf(root: Contact, others: readonly Contact[]): Person {
  return { root, contacts: others.length === 0 ? [root] : [root, ...others].sort(compareAge) }
}

/** Rule R5: the primary's own values first, then the others' by age; no value twice, no nulls, nothing deleted or released. */
export function viewOf(person: Person): PersonView {
  const primary = primaryOf(person)
  // Most persons: spares them the sets.
  if (person.contacts.length === 1) {
    const email = linkingEmail(primary)
    const phoneNumber = linkingPhone(primary)
    return {
      primaryContactId: primary.id,
      emails: email === null ? [] : [email],
      phoneNumbers: phoneNumber === null ? [] : [phoneNumber],
      secondaryContactIds: [],
    }
  }
  const emails = new Set<string>()
  const phoneNumbers = new Set<string>()
  const secondaryContactIds: number[] = []
  const show = (contact: Contact) => {
    const email = linkingEmail(contact)
    const phoneNumber = linkingPhone(contact)
    if (email !== null) emails.add(email)
    if (phoneNumber !== null) phoneNumbers.add(phoneNumber)
  }
  show(primary)
  for (const contact of person.contacts) {
    if (contact === primary || !isLive(contact)) continue
    show(contact)
    secondaryContactIds.push(contact.id)
  }
  return { primaryContactId: primary.id, emails: [...emails], phoneNumbers: [...phoneNumbers], secondaryContactIds }
}
