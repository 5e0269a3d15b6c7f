import type { IdentifierKind } from '../identifier.ts'
import { EMPTY_HASH, withCode } from '../text-hash.ts'

/** Values that are remembered at the most. */
const MAX_VALUES = 2 ** 20
/** Twice as many, so that a search soon meets an empty one. */
const SLOTS = 2 * MAX_VALUES
const BYTES = 32 * 1024 * 1024
/** No canonical value takes more, with its kind. */
const MAX_BYTES_OF_VALUE = 1024
/** What must be free for a memory that is not full: several chunks come before anybody asks again. */
const SPARE_PART = 1 / 16
const MAX_ASCII = 0x7f
/** Stands before the two bytes of a character that is not ASCII. */
const WIDE = 0x80

/** The place of a value that there was no room for. */
export const NO_PLACE = 0

/**
 * Gives each value a place, a small number, and keeps which root it led to: whoever has the place need not look the
 * value up again. Exact, and 56 MiB whatever comes: maps of strings would take more, and grow.
 */
export class RootMemory {
  /** By the value's hash, its place; 0: none. Those that share a slot are in the ones after it. */
  readonly #slots = new Int32Array(SLOTS)
  /** By place; what place 0 ends at is where the bytes begin. */
  readonly #ends = new Int32Array(MAX_VALUES)
  readonly #hashes = new Int32Array(MAX_VALUES)
  /** NaN: unknown. */
  readonly #rootIds = new Float64Array(MAX_VALUES).fill(Number.NaN, 0, 1)
  readonly #bytes = new Uint8Array(BYTES)
  #size = 0
  /** Where the value that is asked for ends. It is written behind all others, and stays there if it is new. */
  #end = 0
  #hash = 0

  /** The place of a value, which gets one if it has none; `NO_PLACE` where there is no room. Good until all is forgotten. */
  placeOf(kind: IdentifierKind, value: string): number {
    if (this.#size === MAX_VALUES - 1 || this.#ends[this.#size]! > BYTES - MAX_BYTES_OF_VALUE) return NO_PLACE
    const slot = this.#slotOf(kind, value)
    return this.#slots[slot] || this.#add(slot)
  }

  /** The root that the value of a place led to; undefined where that is unknown. */
  rootIdAt(place: number): number | undefined {
    const rootId = this.#rootIds[place]!
    return Number.isNaN(rootId) ? undefined : rootId
  }

  setRootIdAt(place: number, rootId: number): void {
    if (place !== NO_PLACE) this.#rootIds[place] = rootId
  }

  /** Whether it is time to forget everything. */
  get isFull(): boolean {
    return this.#size > MAX_VALUES * (1 - SPARE_PART) || this.#ends[this.#size]! > BYTES * (1 - SPARE_PART)
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
    this.#rootIds[this.#size] = Number.NaN
    return this.#size
  }

  /** Writes the value. @returns its slot, or the empty one where it belongs */
  #slotOf(kind: IdentifierKind, value: string): number {
    this.#write(kind, value)
    let slot = this.#hash & (SLOTS - 1)
    for (let place = this.#slots[slot]!; place !== 0; place = this.#slots[slot]!) {
      if (this.#hashes[place] === this.#hash && this.#isWritten(place)) break
      slot = (slot + 1) & (SLOTS - 1)
    }
    return slot
  }

  #write(kind: IdentifierKind, value: string): void {
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

  #isWritten(place: number): boolean {
    const start = this.#ends[place - 1]!
    const end = this.#ends[place]!
    const offset = this.#ends[this.#size]! - start
    if (end + offset !== this.#end) return false
    for (let n = start; n < end; n++) if (this.#bytes[n] !== this.#bytes[n + offset]) return false
    return true
  }
}
