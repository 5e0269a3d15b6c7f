import { type Progress, sqlError, type Transaction } from './transaction.ts'

/** How a row is held, from whoever refers to it to whoever deletes it; PostgreSQL's names. */
export type LockMode = 'key share' | 'no key update' | 'update'

/** Locks of rows, each by its key, until the end of the transaction that has it. */
export class Locks {
  readonly #holders = new Map<string, Map<Transaction, LockMode>>()

  release(transaction: Transaction): void {
    for (const [key, holders] of this.#holders) {
      if (holders.delete(transaction) && holders.size === 0) this.#holders.delete(key)
    }
  }

  /** Waits until no other transaction holds the key in a way that forbids this one. @throws Error 40P01 */
  *take(transaction: Transaction, key: string, mode: LockMode): Progress<void> {
    for (let other = this.#rival(transaction, key, mode); other; other = this.#rival(transaction, key, mode)) {
      for (let waiting: Transaction | null = other; waiting; waiting = waiting.waitsFor)
        if (waiting === transaction) throw sqlError('40P01', 'deadlock detected')
      yield other
    }
    const holders = this.#holders.get(key) ?? new Map<Transaction, LockMode>()
    const held = holders.get(transaction)
    if (!held || held === 'key share' || mode === 'update') holders.set(transaction, mode)
    this.#holders.set(key, holders)
  }

  #rival(transaction: Transaction, key: string, mode: LockMode): Transaction | undefined {
    for (const [other, held] of this.#holders.get(key) ?? []) {
      if (other !== transaction && isForbidden(mode, held)) return other
    }
    return undefined
  }
}

function isForbidden(mode: LockMode, held: LockMode): boolean {
  return mode === 'update' || held === 'update' || (mode === 'no key update' && held === 'no key update')
}
