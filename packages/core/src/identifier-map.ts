import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind } from './identifier.ts'

/** A map keyed by (kind, value). One map a kind: the values are looked up as they came, with no key made of the two. */
export class IdentifierMap<V> {
  readonly #emails = new Map<string, V>()
  readonly #phones = new Map<string, V>()

  get({ kind, value }: Identifier): V | undefined {
    return this.#of(kind).get(value)
  }

  has({ kind, value }: Identifier): boolean {
    return this.#of(kind).has(value)
  }

  set({ kind, value }: Identifier, entry: V): void {
    this.#of(kind).set(value, entry)
  }

  *entries(): Generator<[Identifier, V]> {
    for (const kind of IDENTIFIER_KINDS) for (const [value, entry] of this.#of(kind)) yield [{ kind, value }, entry]
  }

  #of(kind: IdentifierKind): Map<string, V> {
    return kind === 'email' ? this.#emails : this.#phones
  }
}
