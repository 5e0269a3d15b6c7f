import { EMPTY_HASH, withCode } from './text-hash.ts'

/** A place in a chain of texts that have the same hash. */
interface Place<V> {
  readonly text: string
  value: V
  readonly next: Place<V> | undefined
}

/**
 * A map keyed by texts that are seen once or twice, as those of a batch are. `Map` would make each text one of a kind in
 * the whole process first, which takes five times as long and leaves a copy among the old objects
 * (docs/decisions/0044-a-map-that-keeps-no-texts.md).
 */
export class TextMap<V> {
  readonly #chains = new Map<number, Place<V>>()
  readonly #hashOf: (text: string) => number

  /** @param hashOf a safe integer for each text, best a small one. @default one that nobody can foresee */
  constructor(hashOf = seededHash) {
    this.#hashOf = hashOf
  }

  get(text: string): V | undefined {
    return find(this.#chains.get(this.#hashOf(text)), text)?.value
  }

  has(text: string): boolean {
    return find(this.#chains.get(this.#hashOf(text)), text) !== undefined
  }

  set(text: string, value: V): void {
    const hash = this.#hashOf(text)
    const chain = this.#chains.get(hash)
    const place = find(chain, text)
    if (place) place.value = value
    else this.#chains.set(hash, { text, value, next: chain })
  }
}

function find<V>(chain: Place<V> | undefined, text: string): Place<V> | undefined {
  let place = chain
  while (place && place.text !== text) place = place.next
  return place
}

/** In the 31 bits that V8 keeps without a box. */
function seededHash(text: string): number {
  let hash = EMPTY_HASH
  for (let n = 0; n < text.length; n++) hash = withCode(hash, text.charCodeAt(n))
  return hash >> 1
}
