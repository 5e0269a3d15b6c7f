import type { Identifier, IdentifierKind } from './identifier.ts'

/** A map keyed by (kind, value). One map a kind: the values are looked up as they came, with no key made of the two. */
export class IdentifierMap<V> {
  readonly #byKind: Readonly<Record<IdentifierKind, Map<string, V>>> = { email: new Map(), phone: new Map() }

  get({ kind, value }: Identifier): V | undefined {
    return this.#byKind[kind].get(value)
  }

  has({ kind, value }: Identifier): boolean {
    return this.#byKind[kind].has(value)
  }

  set({ kind, value }: Identifier, entry: V): void {
    this.#byKind[kind].set(value, entry)
  }
}
