import type { Bridge } from './bridge.ts'
import { deleteContact } from './come-apart.ts'
import { type Contact, compareAge, isLive } from './contact.ts'
import type { Corrected, EraseResult, SplitResult } from './corrections.ts'
import { type Division, splitEvents } from './divide.ts'
import { erase, scrub } from './erase.ts'
import { IdentityError } from './errors.ts'
import type { IdentityEvent, PersonsMerged, RecordedEvent } from './event.ts'
import { groupBy } from './group-by.ts'
import type { Identifier } from './identifier.ts'
import { IdentifierMap } from './identifier-map.ts'
import { type Person, type PersonView, personOf, primaryOf, viewOf } from './person.ts'
import { type RestoreRules, restoreContact, restoreEvents } from './restore.ts'
import type { Separation } from './separations.ts'
import { noContacts, type Split, split } from './split.ts'
import { undo } from './undo.ts'
import type { WorkingSet } from './working-set.ts'

/*
 * Each operation of docs/corrections.md as what a store is to write and to answer, whatever the store.
 */

/** Persons that a store holds still while they are corrected. */
export interface HeldPersons {
  /** Whole persons. */
  readonly persons: readonly Person[]
  /** The same, by their values and live contacts. */
  readonly set: WorkingSet
  /** Every bridge and separation that names a contact of theirs. */
  readonly bridges: readonly Bridge[]
  readonly separations: readonly Separation[]
  readonly at: Date
}

/** What a correction writes, and what it answers. */
export interface Correction<T> {
  readonly result: T
  /** Contacts in their new form. */
  readonly changed?: readonly Contact[]
  /** Identifiers that another contact of the persons held is to claim, where one of them does. */
  readonly owners?: Division['owners']
  /** Identifiers that nobody carried and a contact carries now. */
  readonly claimed?: ReadonlyArray<Identifier & { readonly contactId: number }>
  /** Identifiers that no contact carries any more. */
  readonly freed?: readonly Identifier[]
  /** Bridges that are forgotten. */
  readonly fallen?: readonly Bridge[]
  /** Contacts that go for good, with all that names them. */
  readonly erasedIds?: readonly number[]
  /** What happened, in order. */
  readonly events: readonly IdentityEvent[]
}

/** What divisions write. */
export function divisionWrites(divisions: readonly Division[]) {
  return {
    changed: divisions.flatMap(({ changed }) => changed),
    owners: divisions.flatMap(({ owners }) => owners),
    freed: divisions.flatMap(({ freed }) => freed),
    fallen: divisions.flatMap(({ fallen }) => fallen),
  }
}

export interface SplitQuery {
  readonly contactIds: readonly number[]
  readonly keepApart: boolean
}

/** What `split` does to the person held. @throws IdentityError */
export function planSplit(
  { persons, bridges, at }: HeldPersons,
  { contactIds, keepApart }: SplitQuery,
): Split & { readonly former: Person } {
  const [first] = contactIds
  if (first === undefined) throw noContacts()
  const former = personWith(persons, first)
  if (!former) throw noContact(first)
  return { ...split(former, bridges, contactIds, { at, keepApart }), former }
}

/** @param separationId of the separation that the store has made as the split asks */
export function splitCorrection(
  { former, ...division }: ReturnType<typeof planSplit>,
  separationId: number | null,
): Correction<SplitResult> {
  const separationIds = separationId === null ? [] : [separationId]
  return {
    result: { persons: division.persons.map(viewOf), separationId },
    ...divisionWrites([division]),
    events: splitEvents(former, division, 'split', { separationIds }),
  }
}

/**
 * @param later what happened to the person since the merge, oldest first
 * @throws IdentityError
 */
export function undoCorrection(
  { bridges, at }: HeldPersons,
  person: Person,
  merge: RecordedEvent & PersonsMerged,
  later: readonly RecordedEvent[],
): Correction<Corrected> {
  const division = undo(person, bridges, merge, later, at)
  return {
    result: { persons: division.persons.filter(hasLive).map(viewOf) },
    ...divisionWrites([division]),
    events: splitEvents(person, division, 'undo', { eventId: merge.id }),
  }
}

/** The event as the merge that undo takes. @throws IdentityError `conflict` where it is none */
export function mergeOf(event: RecordedEvent): RecordedEvent & PersonsMerged {
  if (event.type === 'persons.merged') return event
  throw new IdentityError(
    'conflict',
    `Event ${event.id} is no merge but a ${event.type}. Undo takes the id of an event persons.merged.`,
  )
}

/** The person that the merge's survivor is part of now. @throws IdentityError `conflict` where it is erased */
export function survivorOf(persons: readonly Person[], merge: RecordedEvent & PersonsMerged): Person {
  const person = personWith(persons, merge.personId)
  if (person) return person
  const message = `Event ${merge.id} cannot be undone: person ${merge.personId} was erased.`
  throw new IdentityError('conflict', message, { problems: [{ field: 'eventId', detail: message }] })
}

/** @throws IdentityError */
export function deletion({ persons, bridges, at }: HeldPersons, contactId: number): Correction<Corrected> {
  const person = personWith(persons, contactId)
  if (!person) throw noContact(contactId)
  const division = deleteContact(person, bridges, contactId, at)
  return {
    result: { persons: division.persons.filter(hasLive).map(viewOf) },
    ...divisionWrites([division]),
    events: [
      { type: 'contact.deleted', personId: person.root.id, contactId },
      ...splitEvents(person, division, 'delete'),
    ],
  }
}

/**
 * @param held the contact's person, those that have its values, and those that bridges join it to
 * @param rules what the workspace refuses, but for its separations
 * @throws IdentityError
 */
export function restoration(
  { persons, set, bridges, separations, at }: HeldPersons,
  contactId: number,
  rules: RestoreRules,
): Correction<Corrected> {
  const person = personWith(persons, contactId)
  if (!person) throw noDeletedContact(contactId)
  const context = {
    find: set.find,
    findByContact: (id: number) => set.findByContact(id),
    bridges,
    rules: { ...rules, separations },
  }
  const restored = restoreContact(person, contactId, context, at)
  const { changed, claimed, division, absorbed, fallen } = restored
  const ids = new Set([person, restored.person, ...absorbed].flatMap(({ contacts }) => contacts.map(({ id }) => id)))
  const concerned = persons.filter(({ contacts }) => contacts.some(({ id }) => ids.has(id)))
  return {
    result: { persons: viewsAfter(concerned, changed) },
    ...divisionWrites(division ? [division] : []),
    changed,
    claimed: claimed.map((identifier) => ({ ...identifier, contactId })),
    fallen,
    events: restoreEvents(person, contactId, restored),
  }
}

/**
 * @param held the person, and those on whose contacts a value of its is released
 * @throws IdentityError
 */
export function erasure(
  { persons, set, bridges, separations, at }: HeldPersons,
  { contactId, reason }: { readonly contactId: number; readonly reason: string | null },
): Correction<EraseResult> & { readonly identifiers: readonly Identifier[] } {
  const person = personWith(persons, contactId)
  if (!person) throw noContact(contactId)
  const { contactIds, identifiers, event } = erase(person, bridges, separations, set.find)
  const erased = new IdentifierMap<true>()
  for (const identifier of identifiers) erased.set(identifier, true)
  const events: IdentityEvent[] = [reason === null ? event : { ...event, reason }]
  const divisions: Division[] = []
  const erasedIds = [...contactIds]
  for (const holder of persons) {
    const scrubbing = holder === person ? null : scrub(holder, (identifier) => erased.has(identifier), at)
    if (!scrubbing) continue
    const { goneIds, division } = scrubbing
    if (division) {
      divisions.push(division)
      events.push(...splitEvents(holder, division, 'delete'))
    }
    if (goneIds.length > 0) events.push({ type: 'person.erased', personId: holder.root.id, contactIds: goneIds })
    erasedIds.push(...goneIds)
  }
  return {
    result: { contactIds, identifierCount: identifiers.length },
    ...divisionWrites(divisions),
    identifiers,
    erasedIds,
    events,
  }
}

/** Whole persons by their contacts, in the order of their roots' ids. */
export function personsOf(contacts: readonly Contact[]): Person[] {
  const byRoot = groupBy(contacts, (contact) => contact.linkedId ?? contact.id)
  return [...byRoot]
    .sort(([a], [b]) => a - b)
    .map(([rootId, members]) =>
      personOf(
        members.find(({ id }) => id === rootId)!,
        members.filter(({ id }) => id !== rootId),
      ),
    )
}

/** The person that has the contact, be it deleted. */
export function personWith(persons: readonly Person[], contactId: number): Person | undefined {
  return persons.find(({ contacts }) => contacts.some(({ id }) => id === contactId))
}

export function noContact(contactId: number): IdentityError {
  return new IdentityError('not_found', `There is no contact ${contactId}.`)
}

export function noDeletedContact(contactId: number): IdentityError {
  return new IdentityError('not_found', `There is no deleted contact ${contactId}. Only a deleted contact is restored.`)
}

/** The live persons that contacts come to once some have changed, oldest first. */
function viewsAfter(persons: readonly Person[], changed: readonly Contact[]): PersonView[] {
  const now = new Map(changed.map((contact) => [contact.id, contact]))
  return personsOf(persons.flatMap(({ contacts }) => contacts.map((contact) => now.get(contact.id) ?? contact)))
    .filter(hasLive)
    .sort((a, b) => compareAge(primaryOf(a), primaryOf(b)))
    .map(viewOf)
}

function hasLive({ contacts }: Person): boolean {
  return contacts.some(isLive)
}
