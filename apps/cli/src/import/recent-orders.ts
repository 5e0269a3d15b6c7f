import type { CanonicalRequest } from '@identity/core'

const SLOTS = 512 * 1024
/** A pair that is longer is not remembered. */
const SLOT_BYTES = 64
const SLOT_WORDS = SLOT_BYTES / Int32Array.BYTES_PER_ELEMENT
/** No canonical value has a space. */
const BETWEEN = 0x20
const MAX_ASCII = 0x7f

/**
 * Remembers what the last few hundred thousand different orders told. One that tells the same again tells nothing new
 * (rule R4: persons only grow), whatever came between, and need not be looked up. Each pair of values has one slot,
 * which it shares with others: the last one stays. 32 MiB, whatever comes; sets of strings took more, grew, and were a
 * third of the time to read a file.
 */
export class RecentOrders {
  readonly #slots = new Int32Array(SLOTS * SLOT_WORDS)
  readonly #pair = new Int32Array(SLOT_WORDS)
  readonly #bytes = new Uint8Array(this.#pair.buffer)

  /** Whether an order with these values came lately; it has, from now on. */
  isRepeated({ email, phoneNumber }: CanonicalRequest): boolean {
    this.#pair.fill(0)
    let end = this.#write(email, 0)
    if (end < SLOT_BYTES) this.#bytes[end] = BETWEEN
    end = this.#write(phoneNumber, end + 1)
    return end <= SLOT_BYTES && this.#replace(slotOf(this.#pair))
  }

  /** @returns where the value ends; beyond the slot where it has no place there */
  #write(value: string | null, start: number): number {
    const length = value?.length ?? 0
    if (start + length > SLOT_BYTES) return Number.POSITIVE_INFINITY
    for (let n = 0; n < length; n++) {
      const code = value!.charCodeAt(n)
      if (code > MAX_ASCII) return Number.POSITIVE_INFINITY
      this.#bytes[start + n] = code
    }
    return start + length
  }

  /** Puts the pair into the slot. @returns whether it was there */
  #replace(slot: number): boolean {
    const start = slot * SLOT_WORDS
    let isSame = true
    for (let n = 0; n < SLOT_WORDS; n++) {
      const word = this.#pair[n]!
      if (this.#slots[start + n] === word) continue
      isSame = false
      this.#slots[start + n] = word
    }
    return isSame
  }
}

/** Which slot a pair has: a hash of its words. */
function slotOf(pair: Int32Array): number {
  let hash = 0
  for (const word of pair) {
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return (hash >>> 0) % SLOTS
}
