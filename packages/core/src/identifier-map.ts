import type { Identifier, IdentifierKind } from './identifier.ts'
import { TextMap } from './text-map.ts'

/** A map keyed by (kind, value). One map a kind: the values are looked up as they came, with no key made of the two. */
export class IdentifierMap<V> {
  readonly #emails = new TextMap<V>()
  readonly #phones = new TextMap<V>()

  get({ kind, value }: Identifier): V | undefined {
    return this.#of(kind).get(value)
  }

  has({ kind, value }: Identifier): boolean {
    return this.#of(kind).has(value)
  }

  set({ kind, value }: Identifier, entry: V): void {
    this.#of(kind).set(value, entry)
  }

  #of(kind: IdentifierKind): TextMap<V> {
    return kind === 'email' ? this.#emails : this.#phones
  }
}
