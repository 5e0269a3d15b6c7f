import type { Bridge } from './bridge.ts'
import { type Carriers, carriersIn } from './carriers.ts'
import { type Contact, compareAge, isLive } from './contact.ts'
import type { PersonSplit } from './event.ts'
import { type Identifier, identifiersOf } from './identifier.ts'
import { IdentifierMap } from './identifier-map.ts'
import { type Person, personOf, primaryOf } from './person.ts'

export interface DivideOptions {
  /** Roots that the groups had before: where one is deleted, its group has it as its root again. @default none */
  readonly formerRootIds?: ReadonlySet<number>
  /** All contacts in the form that they are to have. @default those of the person, as they are */
  readonly contacts?: readonly Contact[]
}

/** What a store must make true where one person becomes several. */
export interface Division {
  /** A person for each group, in their order. One of them keeps the root, and with it the name, of the person before. */
  readonly persons: readonly Person[]
  /** Contacts that change, in their new form; the primary of each person is among them. */
  readonly changed: readonly Contact[]
  /** Values that a contact of another of the persons may claim, or a deleted one, and who is to claim them. */
  readonly owners: ReadonlyArray<{ readonly identifier: Identifier; readonly contactId: number }>
  /** Values that link no live contact any more: free for whoever brings them next. */
  readonly freed: readonly Identifier[]
  /** Bridges that are to be forgotten, as they led from one of the persons to another, or a value of theirs is released. */
  readonly fallen: readonly Bridge[]
}

/**
 * Makes each group of contacts a person of its own, named by its oldest. A value that links live contacts of several
 * groups stays with the contact that carried it first, and is released on all contacts of the other groups. A deleted
 * root keeps its place (rule R6).
 * @param groups disjoint, in whatever form the contacts are to have; all that are not in them are deleted, and go with
 * the first group that carries a value of theirs, else with the first of all; a deleted root goes with the first of all
 */
export function divide(
  person: Person,
  bridges: readonly Bridge[],
  groups: ReadonlyArray<readonly Contact[]>,
  at: Date,
  { formerRootIds = new Set(), contacts = person.contacts }: DivideOptions = {},
): Division {
  const whole = withDeleted(person.root.id, contacts, groups)
  const carriers = carriersIn(whole)
  const groupOf = new Map(whole.flatMap((group, index) => group.map(({ id }) => [id, index] as const)))
  const original = new Map(person.contacts.map((contact) => [contact.id, contact]))
  const persons = whole.map((group, index) => {
    const kept = group.map((contact) =>
      released(contact, (identifier) => isLost(carriers.get(identifier)!, index, groupOf)),
    )
    const root = rootOf(kept, person.root.id, formerRootIds)
    const primary = primaryOf({ root, contacts: kept })
    const linked = kept.map((contact) => {
      const now = pointedAt(contact, root.id)
      return now === original.get(now.id) && contact !== root && contact !== primary ? now : { ...now, updatedAt: at }
    })
    const newRoot = linked.find(({ id }) => id === root.id)!
    return personOf(
      newRoot,
      linked.filter((contact) => contact !== newRoot),
    )
  })
  const now = new Map(persons.flatMap(({ contacts }) => contacts.map((contact) => [contact.id, contact] as const)))
  const values = carriersIn(persons.map(({ contacts }) => contacts)).values()
  return {
    persons,
    changed: [...now.values()].filter((contact) => contact !== original.get(contact.id)),
    owners: values.flatMap(({ identifier, oldest, isOnDeleted }) =>
      oldest && (isOnDeleted || isContested(carriers.get(identifier)!)) ? [{ identifier, contactId: oldest.id }] : [],
    ),
    freed: freedOf(person, values),
    fallen: bridges.filter((bridge) => isFallen(bridge, now, groupOf)),
  }
}

/** What the division says in the log: a split off the person that keeps its name, for each of the others. */
export function splitEvents(
  former: Person,
  { persons }: Division,
  cause: PersonSplit['cause'],
  { eventId, separationIds = [] }: { eventId?: string; separationIds?: readonly number[] } = {},
): PersonSplit[] {
  const personId = former.root.id
  return persons
    .filter(({ root }) => root.id !== personId)
    .map(({ root, contacts }) => ({
      type: 'person.split',
      personId,
      newPersonId: root.id,
      contactIds: contacts.map(({ id }) => id),
      cause,
      ...(eventId === undefined ? {} : { eventId }),
      separations: separationIds,
    }))
}

function withDeleted(
  rootId: number,
  contacts: readonly Contact[],
  groups: ReadonlyArray<readonly Contact[]>,
): Contact[][] {
  const whole = groups.map((group) => [...group])
  const placed = new Set(groups.flatMap((group) => group.map(({ id }) => id)))
  const carriers = carriersIn(groups)
  for (const contact of contacts) {
    if (placed.has(contact.id)) continue
    const sharing = identifiersOf(contact).flatMap((identifier) => [...(carriers.get(identifier)?.liveIn ?? [])])
    const index = contact.id === rootId || sharing.length === 0 ? 0 : Math.min(...sharing)
    whole[index]!.push(contact)
  }
  return whole.map((group) => group.sort(compareAge))
}

/** True where the value links live contacts of several groups. */
function isContested({ liveIn }: Carriers): boolean {
  return liveIn.size > 1
}

/** True where the value links live contacts of this group and of another, whose contact carried it first. */
function isLost({ oldest, liveIn }: Carriers, group: number, groupOf: ReadonlyMap<number, number>): boolean {
  return oldest !== null && liveIn.has(group) && groupOf.get(oldest.id) !== group
}

/** The contact without those of its values as links; the same object where none of them goes. */
export function released(contact: Contact, isReleased: (identifier: Identifier) => boolean): Contact {
  const lost = identifiersOf(contact).filter(isReleased)
  if (lost.length === 0) return contact
  return {
    ...contact,
    ...(lost.some(({ kind }) => kind === 'email') ? { emailReleased: true } : {}),
    ...(lost.some(({ kind }) => kind === 'phone') ? { phoneReleased: true } : {}),
  }
}

function rootOf(group: readonly Contact[], rootId: number, formerRootIds: ReadonlySet<number>): Contact {
  // The oldest there is, unless the clock was set back since: the person keeps its name all the same.
  const current = group.find(({ id }) => id === rootId)
  const former = group.find((contact) => !isLive(contact) && formerRootIds.has(contact.id))
  return current ?? former ?? group.find(isLive) ?? group[0]!
}

/** The contact with its link; the same object where it has it already. */
function pointedAt(contact: Contact, rootId: number): Contact {
  const linkedId = contact.id === rootId ? null : rootId
  if (contact.linkedId === linkedId) return contact
  return { ...contact, linkedId, linkPrecedence: linkedId === null ? 'primary' : 'secondary' }
}

function freedOf(person: Person, values: readonly Carriers[]): Identifier[] {
  const taken = new IdentifierMap<true>()
  for (const { identifier, oldest } of values) if (oldest) taken.set(identifier, true)
  const freed: Identifier[] = []
  for (const contact of person.contacts.filter(isLive)) {
    for (const identifier of identifiersOf(contact)) {
      if (taken.has(identifier)) continue
      taken.set(identifier, true)
      freed.push(identifier)
    }
  }
  return freed
}

/** A deleted contact's bridges stay on record, so that they stand again when it is restored. */
function isFallen(bridge: Bridge, now: ReadonlyMap<number, Contact>, groupOf: ReadonlyMap<number, number>): boolean {
  const withEmail = now.get(bridge.emailContactId)
  const withPhone = now.get(bridge.phoneContactId)
  if (!withEmail || !withPhone) return false
  if (withEmail.emailReleased === true || withPhone.phoneReleased === true) return true
  return isLive(withEmail) && isLive(withPhone) && groupOf.get(withEmail.id) !== groupOf.get(withPhone.id)
}
