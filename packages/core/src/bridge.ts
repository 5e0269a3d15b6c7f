import type { Contact } from './contact.ts'
import type { PersonsMerged } from './event.ts'
import { linkingEmail, linkingPhone } from './identifier.ts'
import type { Person } from './person.ts'

/**
 * A merge that left no contact (rule R4): a request had the e-mail of one person and the phone number of another. It is
 * held by reference, by the two contacts that carried its values, and never by the values themselves.
 */
export interface Bridge {
  readonly emailContactId: number
  readonly phoneContactId: number
  readonly at: Date
  /** The request that did it, where it is known. */
  readonly requestId?: string
}

/** True while both contacts are among the live ones given and each is still linked by the value that the request had. */
export function stands(bridge: Bridge, contactsById: ReadonlyMap<number, Contact>): boolean {
  const withEmail = contactsById.get(bridge.emailContactId)
  const withPhone = contactsById.get(bridge.phoneContactId)
  return (
    withEmail !== undefined &&
    withPhone !== undefined &&
    linkingEmail(withEmail) !== null &&
    linkingPhone(withPhone) !== null
  )
}

/** The bridges that join contacts of the person, of those of several persons. */
export function bridgesWithin({ contacts }: Person, bridges: readonly Bridge[]): Bridge[] {
  const ids = new Set(contacts.map(({ id }) => id))
  return bridges.filter(({ emailContactId }) => ids.has(emailContactId))
}

/** The bridge that a merge left: null where one contact carries all that did it, as one that is restored does. */
export function bridgeOf({ by }: PersonsMerged, at: Date, requestId?: string): Bridge | null {
  if (by.email === null || by.phone === null || by.email === by.phone) return null
  return {
    emailContactId: by.email,
    phoneContactId: by.phone,
    at,
    ...(requestId === undefined ? {} : { requestId }),
  }
}
