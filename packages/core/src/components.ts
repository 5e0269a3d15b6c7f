import { type Bridge, stands } from './bridge.ts'
import { type Contact, isLive } from './contact.ts'
import { DisjointSets } from './disjoint-sets.ts'
import { groupBy } from './group-by.ts'
import { identifiersOf } from './identifier.ts'
import { IdentifierMap } from './identifier-map.ts'

/** Live contacts that belong together, oldest first. */
export type Component = readonly Contact[]

/**
 * Which of a person's live contacts are joined by what is on record: by a value that both are linked by, or by a bridge
 * that stands. The component with the oldest contact comes first.
 * @param contacts of one person, oldest first
 */
export function componentsOnRecord(contacts: readonly Contact[], bridges: readonly Bridge[]): Component[] {
  const live = contacts.filter(isLive)
  return grouped(live, joinedOnRecord(live, bridges))
}

/**
 * What a person comes to when contacts are deleted or values released: its contacts as they were before, and those that
 * are left as they are now, both oldest first.
 *
 * Where the contacts before are not all joined by what is on record (a merge from before bridges were kept, or a split
 * that a person asked for), what holds the components together is unknown, so nothing can be known to have taken it
 * away: the oldest contact that is left of each stays joined to that of every other.
 */
export function partsAfter(
  before: readonly Contact[],
  after: readonly Contact[],
  bridges: readonly Bridge[],
): Component[] {
  const live = after.filter(isLive)
  const sets = joinedOnRecord(live, bridges)
  const indexOf = new Map(live.map(({ id }, index) => [id, index]))
  const left = componentsOnRecord(before, bridges).map((component) => component.find(({ id }) => indexOf.has(id)))
  const [first, ...others] = left.filter((contact) => contact !== undefined)
  for (const other of others) sets.join(indexOf.get(first!.id)!, indexOf.get(other.id)!)
  return grouped(live, sets)
}

function joinedOnRecord(live: readonly Contact[], bridges: readonly Bridge[]): DisjointSets {
  const sets = new DisjointSets(live.length)
  const carriers = new IdentifierMap<number>()
  const byId = new Map<number, Contact>()
  const indexOf = new Map<number, number>()
  for (const [index, contact] of live.entries()) {
    byId.set(contact.id, contact)
    indexOf.set(contact.id, index)
    for (const identifier of identifiersOf(contact)) {
      const carrier = carriers.get(identifier)
      if (carrier === undefined) carriers.set(identifier, index)
      else sets.join(carrier, index)
    }
  }
  for (const bridge of bridges) {
    if (stands(bridge, byId)) sets.join(indexOf.get(bridge.emailContactId)!, indexOf.get(bridge.phoneContactId)!)
  }
  return sets
}

function grouped(live: readonly Contact[], sets: DisjointSets): Component[] {
  return [...groupBy(live.entries(), ([index]) => sets.leastOf(index)).values()].map((group) =>
    group.map(([, contact]) => contact),
  )
}
