/** The numbers from 0 up to a size, joined into sets (union–find, in nearly linear time). */
export class DisjointSets {
  readonly #parents: number[]

  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_, index) => index)
  }

  /** The least number of the set that the number is in. */
  leastOf(index: number): number {
    const parents = this.#parents
    let least = index
    while (parents[least] !== least) {
      parents[least] = parents[parents[least]!]!
      least = parents[least]!
    }
    return least
  }

  join(a: number, b: number): void {
    const [leastA, leastB] = [this.leastOf(a), this.leastOf(b)]
    this.#parents[Math.max(leastA, leastB)] = Math.min(leastA, leastB)
  }
}
