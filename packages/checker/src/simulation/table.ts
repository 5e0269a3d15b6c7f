import type { Transaction } from './transaction.ts'

/** The rows of a table by their keys. What a transaction writes, others see once it is committed. */
export class Table<Key extends number | string, Row> {
  readonly name: string
  readonly #committed = new Map<Key, Row>()
  readonly #written = new Map<Transaction, Map<Key, Row | null>>()

  constructor(name: string) {
    this.name = name
  }

  /** A row as a transaction sees it now. */
  get(transaction: Transaction, key: Key): Row | undefined {
    const written = this.#written.get(transaction)?.get(key)
    return written === undefined ? this.#committed.get(key) : (written ?? undefined)
  }

  /** All rows that a transaction sees now, in the order of their keys; without one, those that are committed. */
  entries(transaction?: Transaction): Array<[Key, Row]> {
    const seen = new Map<Key, Row | null>(this.#committed)
    for (const [key, row] of (transaction && this.#written.get(transaction)) ?? []) seen.set(key, row)
    const entries = [...seen].filter((entry): entry is [Key, Row] => entry[1] !== null)
    return entries.sort(([a], [b]) => (a < b ? -1 : 1))
  }

  rows(transaction?: Transaction): Row[] {
    return this.entries(transaction).map(([, row]) => row)
  }

  /** Puts a row there, or takes it away with null. */
  write(transaction: Transaction, key: Key, row: Row | null): void {
    const written = this.#written.get(transaction) ?? new Map<Key, Row | null>()
    this.#written.set(transaction, written.set(key, row))
    transaction.hasWritten = true
  }

  commit(transaction: Transaction): void {
    for (const [key, row] of this.#written.get(transaction) ?? []) {
      if (row === null) this.#committed.delete(key)
      else this.#committed.set(key, row)
    }
    this.abort(transaction)
  }

  abort(transaction: Transaction): void {
    this.#written.delete(transaction)
  }
}
