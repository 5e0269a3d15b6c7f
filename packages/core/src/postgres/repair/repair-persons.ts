import { type Contact, compareAge, isLive } from '../../contact.ts'
import { eventOf, NO_ORIGIN } from '../../event.ts'
import { groupBy } from '../../group-by.ts'
import { type Identifier, identifiersOf } from '../../identifier.ts'
import { type Person, personOf } from '../../person.ts'
import { merge } from '../../reconcile.ts'
import type { Client } from '../client.ts'
import { LocksOutdated } from '../retry.ts'
import { drawStamp } from '../statements/draw-stamp.ts'
import { insertChange } from '../statements/insert-change.ts'
import { lockPrimaries } from '../statements/lock-primaries.ts'
import { readCarriers } from '../statements/read-carriers.ts'
import { readContacts } from '../statements/read-contacts.ts'
import { readPersonsOfContacts } from '../statements/read-persons.ts'
import { relinkContacts } from '../statements/relink-contacts.ts'
import { gather } from './gather.ts'

/** The oldest contact of a person names it. */
export async function repairAge(db: Client, workspaceId: number, [id]: readonly number[]): Promise<number> {
  const [contact] = await readContacts(db, workspaceId, [id!])
  const rootId = contact?.linkedId ?? null
  if (rootId === null) return 0
  const [person] = await lockPersonsOf(db, workspaceId, [rootId])
  if (!person || !isLive(person.root)) return 0
  const eldest = person.contacts.filter(isLive).toSorted(compareAge)[0]!
  if (eldest === person.root) return 0
  await gather(db, workspaceId, person.contacts, eldest)
  return 1
}

/** R3 for persons that were kept apart although they share a value. */
export async function repairShared(db: Client, workspaceId: number, [id]: readonly number[]): Promise<number> {
  const [contact] = await readContacts(db, workspaceId, [id!])
  if (!contact || !isLive(contact)) return 0
  const identifiers = identifiersOf(contact)
  const carriers = await readCarriers(db, workspaceId, identifiers)
  const rootIds = new Set([contact.linkedId ?? contact.id])
  for (const identifier of identifiers) {
    const carrier = carriers.get(identifier)
    if (carrier?.isLive) rootIds.add(carrier.rootId)
  }
  const persons = (await lockPersonsOf(db, workspaceId, [...rootIds])).filter((person) => carries(person, identifiers))
  if (persons.length < 2) return 0
  const { at } = await drawStamp(db, workspaceId, 0)
  const reconciliation = merge(persons, at)
  await relinkContacts(db, workspaceId, reconciliation.changed, at)
  const event = eventOf(contact, reconciliation)
  if (event) await insertChange(db, workspaceId, [{ event, origin: NO_ORIGIN }], at)
  return 1
}

function carries({ contacts }: Person, identifiers: readonly Identifier[]): boolean {
  return contacts.some(
    (contact) =>
      isLive(contact) &&
      identifiersOf(contact).some(({ kind, value }) => identifiers.some((i) => i.kind === kind && i.value === value)),
  )
}

/** Locks persons as identify does and reads them whole. @throws LocksOutdated where one was merged meanwhile */
async function lockPersonsOf(db: Client, workspaceId: number, rootIds: readonly number[]): Promise<Person[]> {
  await lockPrimaries(db, workspaceId, rootIds)
  const contacts = await readPersonsOfContacts(db, workspaceId, rootIds)
  const persons: Person[] = []
  for (const [rootId, members] of groupBy(contacts, (contact: Contact) => contact.linkedId ?? contact.id)) {
    const root = members.find(({ id }) => id === rootId)
    if (!root || !rootIds.includes(rootId)) throw new LocksOutdated([rootId])
    persons.push(
      personOf(
        root,
        members.filter(({ id }) => id !== rootId),
      ),
    )
  }
  return persons
}
