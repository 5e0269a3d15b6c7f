import type { IdentifierCarrier } from './identifier.ts'

interface Group {
  emails: Set<string>
  phoneNumbers: Set<string>
}

/**
 * Requests that join a person's contacts where these do not share identifiers: an order that merged two persons left
 * no contact (rule R4), so that its contacts alone would come to two persons again. After the contacts, each request
 * tells nothing new. Null where no request can join them, as what joined them was a contact that is deleted.
 */
export function bridgesOf(contacts: readonly IdentifierCarrier[]): IdentifierCarrier[] | null {
  const groups = groupsOf(contacts)
  const withPhone = groups.find(({ phoneNumbers }) => phoneNumbers.size > 0)
  const withEmail = groups.find((group) => group !== withPhone && group.emails.size > 0)
  const bridges: IdentifierCarrier[] = []
  for (const group of groups) {
    if (group === withPhone) continue
    const [email] = group.emails
    const [phoneNumber] = withPhone?.phoneNumbers ?? []
    // What has no e-mail of its own is joined by its phone to a group that has one, and so to all.
    const [ownPhone] = group.phoneNumbers
    const [otherEmail] = withPhone?.emails.size ? withPhone.emails : (withEmail?.emails ?? [])
    if (email !== undefined && phoneNumber !== undefined) bridges.push({ email, phoneNumber })
    else if (email === undefined && ownPhone !== undefined && otherEmail !== undefined)
      bridges.push({ email: otherEmail, phoneNumber: ownPhone })
    else return null
  }
  return bridges
}

/** The connected components of the contacts. */
function groupsOf(contacts: readonly IdentifierCarrier[]): Group[] {
  let groups: Group[] = []
  for (const { email, phoneNumber } of contacts) {
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
