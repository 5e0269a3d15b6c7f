import type { CanonicalRequest } from '@identity/core'

const PAIRS_A_GENERATION = 128 * 1024

/**
 * Remembers what the last few hundred thousand different orders told. One that tells the same again tells nothing new
 * (rule R4: persons only grow), whatever came between, and need not be looked up.
 */
export class RecentOrders {
  #young = new Set<string>()
  #old = new Set<string>()

  /** Whether an order with these values came lately; it has, from now on. */
  isRepeated({ email, phoneNumber }: CanonicalRequest): boolean {
    const pair = `${email} ${phoneNumber}`
    if (this.#young.has(pair)) return true
    const isOld = this.#old.has(pair)
    this.#young.add(pair)
    if (this.#young.size >= PAIRS_A_GENERATION) {
      this.#old = this.#young
      this.#young = new Set()
    }
    return isOld
  }
}
