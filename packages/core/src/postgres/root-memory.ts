import type { Identifier } from '../identifier.ts'
import { EMPTY_HASH, withCode } from '../text-hash.ts'

/** Values that are remembered at the most. */
const MAX_VALUES = 2 ** 20
/** Twice as many, so that a search soon meets an empty one. */
const SLOTS = 2 * MAX_VALUES
const BYTES = 32 * 1024 * 1024
/** No canonical value takes more, with its kind. */
const MAX_BYTES_OF_VALUE = 1024
const MAX_ASCII = 0x7f
/** Stands before the two bytes of a character that is not ASCII. */
const WIDE = 0x80

/**
 * Which root each value led to. Exact, and 56 MiB whatever comes: maps of strings would take more, and grow. Once it is
 * full, it forgets everything and begins anew.
 */
export class RootMemory {
  /** By the value's hash, the number of its entry; 0: none. Those that share a slot are in the ones after it. */
  readonly #slots = new Int32Array(SLOTS)
  /** By entry; what the first one, of number 0, ends at is where the bytes begin. */
  readonly #ends = new Int32Array(MAX_VALUES)
  readonly #hashes = new Int32Array(MAX_VALUES)
  readonly #rootIds = new Float64Array(MAX_VALUES)
  readonly #bytes = new Uint8Array(BYTES)
  #size = 0
  /** Where the value that is asked for ends. It is written behind all others, and stays there if it is new. */
  #end = 0
  #hash = 0

  get(identifier: Identifier): number | undefined {
    const entry = this.#slots[this.#slotOf(identifier)]!
    return entry === 0 ? undefined : this.#rootIds[entry]
  }

  /** @returns false where everything had to be forgotten */
  set(identifier: Identifier, rootId: number): boolean {
    const slot = this.#slotOf(identifier)
    const entry = this.#slots[slot] || this.#add(slot)
    this.#rootIds[entry] = rootId
    const isFull = this.#size === MAX_VALUES - 1 || this.#end > BYTES - 2 * MAX_BYTES_OF_VALUE
    if (isFull) this.forget()
    return !isFull
  }

  forget(): void {
    this.#slots.fill(0)
    this.#size = 0
  }

  #add(slot: number): number {
    this.#size++
    this.#slots[slot] = this.#size
    this.#ends[this.#size] = this.#end
    this.#hashes[this.#size] = this.#hash
    return this.#size
  }

  /** Writes the value. @returns its slot, or the empty one where it belongs */
  #slotOf(identifier: Identifier): number {
    this.#write(identifier)
    let slot = this.#hash & (SLOTS - 1)
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      if (this.#hashes[entry] === this.#hash && this.#isWritten(entry)) break
      slot = (slot + 1) & (SLOTS - 1)
    }
    return slot
  }

  #write({ kind, value }: Identifier): void {
    let end = this.#ends[this.#size]!
    let hash = EMPTY_HASH
    this.#bytes[end++] = kind.charCodeAt(0)
    for (let n = 0; n < value.length; n++) {
      const code = value.charCodeAt(n)
      hash = withCode(hash, code)
      if (code > MAX_ASCII) {
        this.#bytes[end++] = WIDE
        this.#bytes[end++] = code >> 8
      }
      this.#bytes[end++] = code
    }
    hash = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1)
    this.#hash = hash ^ (hash >>> 16)
    this.#end = end
  }

  #isWritten(entry: number): boolean {
    const start = this.#ends[entry - 1]!
    const end = this.#ends[entry]!
    const offset = this.#ends[this.#size]! - start
    if (end + offset !== this.#end) return false
    for (let n = start; n < end; n++) if (this.#bytes[n] !== this.#bytes[n + offset]) return false
    return true
  }
}
