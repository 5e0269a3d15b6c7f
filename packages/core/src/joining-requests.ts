import { type IdentifierCarrier, linkingEmail, linkingPhone, type Releases } from './identifier.ts'

interface Group {
  emails: Set<string>
  phoneNumbers: Set<string>
}

/**
 * Requests that join a person's contacts where these do not share identifiers: an order that merged two persons left
 * no contact (rule R4), so that its contacts alone would come to two persons again. After the contacts, each request
 * tells nothing new. Null where no request can join them, as what joined them was a contact that is deleted, or as no
 * value links one of them.
 */
export function joiningRequests(contacts: ReadonlyArray<IdentifierCarrier & Releases>): IdentifierCarrier[] | null {
  const groups = groupsOf(contacts)
  const hub = groups.find(({ emails, phoneNumbers }) => emails.size > 0 && phoneNumbers.size > 0)
  const [hubEmail] = (hub ?? groups.find(({ emails }) => emails.size > 0))?.emails ?? []
  const [hubPhone] = (hub ?? groups.find(({ phoneNumbers }) => phoneNumbers.size > 0))?.phoneNumbers ?? []
  if (groups.length === 1) return []
  if (groups.some(({ emails, phoneNumbers }) => emails.size + phoneNumbers.size === 0)) return null
  if (hubEmail === undefined || hubPhone === undefined) return null
  // By its e-mail to the hub's phone, else by its phone to the hub's e-mail: without one hub, the two join each other.
  return groups
    .filter((group) => group !== hub)
    .map(({ emails: [email], phoneNumbers: [phoneNumber] }) =>
      email === undefined ? { email: hubEmail, phoneNumber: phoneNumber! } : { email, phoneNumber: hubPhone },
    )
}

/** The connected components of the contacts. */
function groupsOf(contacts: ReadonlyArray<IdentifierCarrier & Releases>): Group[] {
  let groups: Group[] = []
  for (const contact of contacts) {
    const email = linkingEmail(contact)
    const phoneNumber = linkingPhone(contact)
    const joined: Group = { emails: new Set(), phoneNumbers: new Set() }
    if (email !== null) joined.emails.add(email)
    if (phoneNumber !== null) joined.phoneNumbers.add(phoneNumber)
    groups = groups.filter((group) => {
      const isTouched =
        (email !== null && group.emails.has(email)) || (phoneNumber !== null && group.phoneNumbers.has(phoneNumber))
      if (!isTouched) return true
      for (const value of group.emails) joined.emails.add(value)
      for (const value of group.phoneNumbers) joined.phoneNumbers.add(value)
      return false
    })
    groups.push(joined)
  }
  return groups
}
