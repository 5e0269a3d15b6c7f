import type { Identifier } from '../identifier.ts'

/** Above so many contacts, reading a person takes longer than a whole batch of others. */
export const LARGE_CONTACT_COUNT = 100
/** What is remembered, e-mails and phones of all workspaces; the oldest goes first. */
const MAX_REMEMBERED = 10_000

/**
 * Remembers by which identifiers callers came upon persons of many contacts, so that the next who comes by one of them
 * is known to ask for much before anything is read. It may be wrong either way: it says who waits where, and no more.
 */
export class LargePersons {
  readonly #remembered = new Set<string>()

  has(workspaceId: number, identifiers: readonly Identifier[]): boolean {
    return this.#remembered.size > 0 && identifiers.some((each) => this.#remembered.has(keyOf(workspaceId, each)))
  }

  /** @param contactCount of the person that the identifiers led to; 0 for nobody */
  note(workspaceId: number, identifiers: readonly Identifier[], contactCount: number): void {
    const isLarge = contactCount > LARGE_CONTACT_COUNT
    if (!isLarge && this.#remembered.size === 0) return
    for (const identifier of identifiers) {
      const key = keyOf(workspaceId, identifier)
      this.#remembered.delete(key)
      if (isLarge) this.#remembered.add(key)
    }
    for (const key of this.#remembered) {
      if (this.#remembered.size <= MAX_REMEMBERED) break
      this.#remembered.delete(key)
    }
  }
}

function keyOf(workspaceId: number, { kind, value }: Identifier): string {
  return `${workspaceId} ${kind} ${value}`
}
