import { type Contact, isLive } from '../contact.ts'
import { personsOf } from '../correction.ts'
import { type IdentifierCarrier, identifiersOf, linkingEmail, linkingPhone } from '../identifier.ts'
import { joiningRequests } from '../joining-requests.ts'
import { type Person, type PersonView, viewOf } from '../person.ts'
import type { Client } from './client.ts'
import { readPersonsOfContacts } from './statements/read-persons.ts'
import { readRootPage } from './statements/read-root-page.ts'

const PERSONS_A_PAGE = 1_000

/** One person's contacts, oldest first, deleted ones left out, and what is released of them: an import would link by it. */
export interface ExportedPerson {
  readonly contacts: readonly Contact[]
  /** Orders that join the contacts where they do not share identifiers; null where no order can, or one has no value. */
  readonly joiningRequests: readonly IdentifierCarrier[] | null
}

/** Every person of a workspace by their contacts, from one snapshot, in bounded memory. @param client one of its own */
export async function* exportContacts(client: Client, workspaceId: number): AsyncGenerator<ExportedPerson[]> {
  for await (const persons of livePersons(client, workspaceId)) {
    yield persons.map((person) => {
      const live = person.contacts.filter(isLive)
      const contacts = live.filter((contact) => identifiersOf(contact).length > 0).map(withoutReleased)
      return { contacts, joiningRequests: contacts.length < live.length ? null : joiningRequests(contacts) }
    })
  }
}

function withoutReleased(contact: Contact): Contact {
  return { ...contact, email: linkingEmail(contact), phoneNumber: linkingPhone(contact) }
}

/** Every person of a workspace as identify would answer, from one snapshot, in bounded memory. @param client one of its own */
export async function* exportPersons(client: Client, workspaceId: number): AsyncGenerator<PersonView[]> {
  for await (const persons of livePersons(client, workspaceId)) yield persons.map(viewOf)
}

/** Persons with at least one contact that is not deleted (rule R6), by their roots' ids. */
async function* livePersons(client: Client, workspaceId: number): AsyncGenerator<Person[]> {
  await client`begin isolation level repeatable read read only`
  for (let afterId = 0; ; ) {
    const rootIds = await readRootPage(client, workspaceId, afterId, PERSONS_A_PAGE)
    if (rootIds.length === 0) break
    afterId = rootIds.at(-1)!
    const contacts = await readPersonsOfContacts(client, workspaceId, rootIds)
    yield personsOf(contacts).filter((person) => person.contacts.some(isLive))
  }
  await client`commit`
}
