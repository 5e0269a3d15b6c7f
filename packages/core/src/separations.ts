import type { Person } from './person.ts'

/**
 * Says that two contacts are different people: no merge joins the persons that they are of. As it names contacts and not
 * persons, it is inherited through merges and splits.
 */
export interface Separation {
  readonly id: number
  readonly contactIds: readonly [number, number]
}

/**
 * The first of the separations that forbids the two persons to become one, having a contact on each side. Deleted
 * contacts count as well: else to delete one would quietly lift what was decided about its person.
 */
export function separationBetween(a: Person, b: Person, separations: readonly Separation[]): Separation | undefined {
  if (separations.length === 0) return undefined
  const idsOfA = contactIdsOf(a)
  const idsOfB = contactIdsOf(b)
  return separations.find(
    ({ contactIds: [one, other] }) => (idsOfA.has(one) && idsOfB.has(other)) || (idsOfA.has(other) && idsOfB.has(one)),
  )
}

function contactIdsOf(person: Person): Set<number> {
  return new Set(person.contacts.map(({ id }) => id))
}
