import { isLive } from '../contact.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import type { IdentifierMap } from '../identifier-map.ts'
import type { WorkingSet } from '../working-set.ts'
import { RootMemory } from './root-memory.ts'
import type { Carrier } from './statements/read-carriers.ts'

/** Others merge and correct persons meanwhile. */
const BELIEVED_MS = 60_000

/**
 * Where values lead, as one import has seen it in the last minute, so that it need not look them up again. It may be wrong:
 * docs/decisions/0042-an-import-remembers-where-values-lead.md says what it may be used for.
 */
export class KnownRoots {
  readonly #memory = new RootMemory()
  #sinceMs = Date.now()
  #isAll: boolean
  #version = 0

  /** @param isAll where nobody carries anything yet */
  constructor({ isAll }: { isAll: boolean }) {
    this.#isAll = isAll
  }

  /** Another one each time that everything is forgotten. */
  get version(): number {
    return this.#version
  }

  /** Whether nobody carries what is not known, unless somebody else has brought it since the import began. */
  get isAll(): boolean {
    return this.#isAll
  }

  rootIdOf(identifier: Identifier): number | undefined {
    return this.#memory.get(identifier)
  }

  unknownOf(identifiers: readonly Identifier[]): Identifier[] {
    return identifiers.filter((identifier) => this.#memory.get(identifier) === undefined)
  }

  /** What was looked up. What is known already is newer: it comes from a chunk that was written meanwhile. */
  addCarriers(lookedUp: readonly Identifier[], carriers: IdentifierMap<Carrier>): void {
    for (const identifier of lookedUp) {
      const carrier = carriers.get(identifier)
      if (carrier?.isLive && this.#memory.get(identifier) === undefined) this.#set(identifier, carrier.rootId)
    }
  }

  /** Persons as they have just been written. */
  addPersons(persons: WorkingSet): void {
    for (const { root, contacts } of persons.persons()) {
      for (const contact of contacts) {
        if (!isLive(contact)) continue
        for (const identifier of identifiersOf(contact)) this.#set(identifier, root.id)
      }
    }
  }

  forget(): void {
    this.#memory.forget()
    this.#noteForgotten()
  }

  forgetOld(): void {
    if (Date.now() - this.#sinceMs > BELIEVED_MS) this.forget()
  }

  #set(identifier: Identifier, rootId: number): void {
    if (!this.#memory.set(identifier, rootId)) this.#noteForgotten()
  }

  #noteForgotten(): void {
    this.#sinceMs = Date.now()
    this.#isAll = false
    this.#version++
  }
}
