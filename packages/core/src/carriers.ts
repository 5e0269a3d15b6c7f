import { type Contact, compareAge, isLive } from './contact.ts'
import { type Identifier, identifiersOf } from './identifier.ts'
import { IdentifierMap } from './identifier-map.ts'

/** Where a value is found among groups of contacts. */
export interface Carriers {
  readonly identifier: Identifier
  /** The oldest live contact that it links; null where only deleted ones carry it. */
  oldest: Contact | null
  /** The groups that have a live contact which it links. */
  readonly liveIn: Set<number>
  /** Whether a deleted contact carries it, too. */
  isOnDeleted: boolean
}

/** All values of several groups of contacts, and where each is found. */
export class CarrierMap {
  readonly #byIdentifier = new IdentifierMap<Carriers>()
  readonly #all: Carriers[] = []

  get(identifier: Identifier): Carriers | undefined {
    return this.#byIdentifier.get(identifier)
  }

  values(): readonly Carriers[] {
    return this.#all
  }

  add(identifier: Identifier, contact: Contact, group: number): void {
    let carriers = this.#byIdentifier.get(identifier)
    if (!carriers) {
      carriers = { identifier, oldest: null, liveIn: new Set(), isOnDeleted: false }
      this.#byIdentifier.set(identifier, carriers)
      this.#all.push(carriers)
    }
    if (!isLive(contact)) carriers.isOnDeleted = true
    else {
      carriers.liveIn.add(group)
      if (!carriers.oldest || compareAge(contact, carriers.oldest) < 0) carriers.oldest = contact
    }
  }
}

export function carriersIn(groups: ReadonlyArray<readonly Contact[]>): CarrierMap {
  const carriers = new CarrierMap()
  for (const [index, group] of groups.entries()) {
    for (const contact of group) {
      for (const identifier of identifiersOf(contact)) carriers.add(identifier, contact, index)
    }
  }
  return carriers
}
