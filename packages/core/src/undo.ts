import type { Bridge } from './bridge.ts'
import { componentsOnRecord } from './components.ts'
import { type Contact, isLive } from './contact.ts'
import { type Division, divide } from './divide.ts'
import { IdentityError } from './errors.ts'
import type { PersonsMerged, RecordedEvent } from './event.ts'
import { groupBy } from './group-by.ts'
import { identifiersOf } from './identifier.ts'
import { IdentifierMap } from './identifier-map.ts'
import { listOf } from './list-of.ts'
import type { Person } from './person.ts'

type Merge = RecordedEvent & PersonsMerged

/**
 * Takes a merge back: every contact is of the person that it was of, under its former root, and contacts added since go
 * to the side whose values they carry, directly or through others added since. The survivor is the first of the persons.
 * @param person the one that the survivor is now part of
 * @param later every event of the workspace since the merge, oldest first; those about others do no harm
 * @throws IdentityError `conflict` where something that was decided later depends on the merge, or contacts added since
 * cannot be placed; the message names each, and what to split off instead
 */
export function undo(
  person: Person,
  bridges: readonly Bridge[],
  merge: Merge,
  later: readonly RecordedEvent[],
  at: Date,
): Division {
  const { obstacles, added } = sinceThen(merge, later)
  const former = new Map(merge.moved.map(({ contactId, from }) => [contactId, from]))
  const isAdded = (contact: Contact) => isLive(contact) && (added.has(contact.id) || contact.id === merge.contactId)
  const rootIds = [merge.personId, ...merge.absorbed]
  const sides = new Map(rootIds.map((rootId): [number, Contact[]] => [rootId, []]))
  for (const contact of person.contacts) {
    if (!isAdded(contact)) sides.get(former.get(contact.id) ?? merge.personId)?.push(contact)
  }
  for (const [rootId, contacts] of sides) {
    // Events of before may not tell of another name that the person had.
    if (obstacles.length === 0 && contacts.length === 0) obstacles.push(`Nothing of person ${rootId} is left in it.`)
  }
  if (obstacles.length === 0) obstacles.push(...placeAdded(person.contacts.filter(isAdded), sides))
  if (obstacles.length > 0) throw inTheWay(merge, obstacles, sides)
  return divide(person, bridges, [...sides.values()], at, { formerRootIds: new Set(rootIds) })
}

/** What was decided since about the person that the merge made, and which contacts came to it. */
function sinceThen(merge: Merge, later: readonly RecordedEvent[]): { obstacles: string[]; added: Set<number> } {
  const undone = new Set(
    later.map((event) => (event.type === 'person.split' && event.cause === 'undo' ? event.eventId : undefined)),
  )
  // A contact older than all others, a merge or a split gives the person another name.
  const names = new Set([merge.personId])
  const added = new Set<number>()
  const obstacles: string[] = []
  for (const event of later) {
    if (event.type === 'contact.added' && (names.has(event.personId) || names.has(event.formerPersonId ?? NaN))) {
      names.add(event.personId)
      added.add(event.contactId)
    } else if (event.type === 'persons.merged' && !undone.has(event.id)) {
      if (names.has(event.personId)) obstacles.push(`Event ${event.id} joined another person to it; undo that first.`)
      else if (event.absorbed.some((id) => names.has(id))) {
        obstacles.push(`Event ${event.id} made it part of person ${event.personId}; undo that first.`)
      }
    } else if (event.type === 'person.split' && names.has(event.personId)) {
      if (event.eventId === merge.id) obstacles.push('It has been undone already.')
      else if (event.cause !== 'undo') obstacles.push(`Event ${event.id} split it.`)
      // From then on, it is whoever the survivor is part of.
      if (event.contactIds.includes(merge.personId)) {
        names.clear()
        names.add(event.newPersonId)
      }
    } else if (event.type === 'person.erased' && names.has(event.personId)) {
      obstacles.push(`Event ${event.id} erased it.`)
    }
  }
  return { obstacles, added }
}

/** Adds the contacts to the sides whose values they carry; says which of them cannot be placed. */
function placeAdded(added: readonly Contact[], sides: ReadonlyMap<number, Contact[]>): string[] {
  const sideOf = new IdentifierMap<number>()
  for (const [rootId, contacts] of sides) {
    for (const contact of contacts.filter(isLive)) {
      for (const identifier of identifiersOf(contact)) sideOf.set(identifier, rootId)
    }
  }
  // Contacts added since that share values with each other are placed together.
  return componentsOnRecord(added, []).flatMap((component) => {
    const sidesMet = groupBy(
      component.flatMap((contact) =>
        identifiersOf(contact).map((identifier) => [sideOf.get(identifier), contact] as const),
      ),
      ([rootId]) => rootId,
    )
    sidesMet.delete(undefined)
    const [rootId, ...others] = sidesMet.keys()
    if (rootId === undefined)
      return [`${listOf('Contact', idsOf(component))}, added since, has no value of either side any more.`]
    if (others.length === 0) {
      sides.get(rootId)!.push(...component)
      return []
    }
    const between = new Set([...sidesMet.values()].flatMap((met) => met.map(([, { id }]) => id)))
    return [`${listOf('Contact', between)}, added since, joined the two by values of both sides.`]
  })
}

function inTheWay(
  merge: Merge,
  obstacles: readonly string[],
  sides: ReadonlyMap<number, readonly Contact[]>,
): IdentityError {
  const moved = merge.absorbed.flatMap((rootId) => idsOf(sides.get(rootId)!.filter(isLive)))
  const instead = moved.length === 0 ? '' : ` To part them all the same, split off ${listOf('contact', moved)}.`
  return new IdentityError('conflict', `Event ${merge.id} cannot be undone. ${obstacles.join(' ')}${instead}`, {
    problems: obstacles.map((detail) => ({ field: 'eventId', detail })),
  })
}

function idsOf(contacts: readonly Contact[]): number[] {
  return contacts.map(({ id }) => id)
}
