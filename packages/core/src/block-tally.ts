import type { Division } from './divide.ts'
import type { Person } from './person.ts'
import type { BlockPreview } from './rule-store.ts'

const SAMPLE_SIZE = 10

/** What applying a rule would do, counted person by person. */
export class BlockTally {
  readonly #counts = { persons: 0, splitPersons: 0, partsAfter: 0 }
  readonly #sample: number[] = []

  /** @param division what would become of the person; null: nothing */
  add(person: Person, division: Division | null): void {
    if (!division) return
    this.#counts.persons++
    if (division.persons.length === 1) return
    this.#counts.splitPersons++
    this.#counts.partsAfter += division.persons.length
    if (this.#sample.length < SAMPLE_SIZE) this.#sample.push(person.root.id)
  }

  /** @param isComplete whether all persons were counted whom the rule is about */
  preview({ isComplete }: { isComplete: boolean }): BlockPreview {
    return { ...this.#counts, sample: this.#sample, isComplete }
  }
}
