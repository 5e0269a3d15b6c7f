/** A row of `contact`. Times are milliseconds since 1970. */
export interface ContactRow {
  readonly id: number
  readonly email: string | null
  readonly phoneNumber: string | null
  readonly linkedId: number | null
  readonly createdMs: number
  readonly updatedMs: number
}

/** A row of `change`. */
export interface ChangeRow {
  readonly id: number
  readonly position: number | null
  readonly atMs: number
  readonly events: readonly unknown[]
}

export type TransactionStatus = 'in progress' | 'committed' | 'aborted'

/** What one transaction has done and nobody else sees yet. */
export class Transaction {
  readonly id: string
  status: TransactionStatus = 'in progress'
  readonly contacts = new Map<number, ContactRow>()
  readonly identifiers = new Map<string, number>()
  readonly changes = new Map<number, ChangeRow>()
  /** Woken when it ends. */
  readonly waiters: Array<() => void> = []
  waitsFor: Transaction | null = null

  constructor(id: string) {
    this.id = id
  }
}

/** A failure as the driver reports one of PostgreSQL's. */
export function sqlError(code: string, message: string, severity = 'ERROR'): Error {
  return Object.assign(new Error(message), { code, severity })
}

/** Progress of a statement: each time, the transaction whose end it waits for, or null where it could go on at once. */
export type Progress<T> = Generator<Transaction | null, T>

/**
 * What PostgreSQL does at READ COMMITTED with the statements of the engine, as far as they can tell: rows that others
 * see after COMMIT only, row locks, insertions that wait for whoever is inserting the same key, deadlocks that are
 * noticed, a sequence that never takes back, and a clock.
 */
export class SimulatedDatabase {
  readonly contacts = new Map<number, ContactRow>()
  readonly identifiers = new Map<string, number>()
  readonly changes = new Map<number, ChangeRow>()
  readonly transactions = new Map<string, Transaction>()
  readonly #lockedBy = new Map<string, Transaction>()
  readonly #nowMs: () => number
  nextId = 1
  nextChangeId = 1
  #nextTransactionId = 1
  /** How far the clock is off; a test sets it back. */
  clockOffsetMs = 0

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  clockMs(): number {
    return Math.floor(this.#nowMs() + this.clockOffsetMs)
  }

  begin(): Transaction {
    const transaction = new Transaction(String(this.#nextTransactionId++))
    this.transactions.set(transaction.id, transaction)
    return transaction
  }

  commit(transaction: Transaction): void {
    for (const [id, row] of transaction.contacts) this.contacts.set(id, row)
    for (const [key, id] of transaction.identifiers) this.identifiers.set(key, id)
    for (const [id, row] of transaction.changes) this.changes.set(id, row)
    this.#end(transaction, 'committed')
  }

  abort(transaction: Transaction): void {
    if (transaction.status === 'in progress') this.#end(transaction, 'aborted')
  }

  /**
   * Loses all that is not on disk: transactions under way, and what was drawn for them. Their numbers and ids are given
   * out again.
   */
  crash(): void {
    for (const transaction of this.transactions.values()) this.abort(transaction)
    const committed = [...this.transactions.values()].filter(({ status }) => status === 'committed')
    this.#nextTransactionId = 1 + Math.max(0, ...committed.map(({ id }) => Number(id)))
    this.nextId = 1 + Math.max(0, ...this.contacts.keys())
    for (const id of this.transactions.keys()) if (Number(id) >= this.#nextTransactionId) this.transactions.delete(id)
  }

  /** A contact as a transaction sees it now; null outside of any. */
  contact(transaction: Transaction | null, id: number): ContactRow | undefined {
    return transaction?.contacts.get(id) ?? this.contacts.get(id)
  }

  /** The changes that a statement of a transaction sees now, by their ids. */
  changesSeen(transaction: Transaction | null): ChangeRow[] {
    const seen = new Map([...this.changes, ...(transaction?.changes ?? [])])
    return [...seen.values()].sort((a, b) => a.id - b.id)
  }

  /** Waits until no other transaction holds the key, and holds it until the end of this one. */
  *lock(transaction: Transaction, key: string): Progress<void> {
    for (;;) {
      const holder = this.#lockedBy.get(key)
      if (!holder || holder === transaction) break
      for (let other: Transaction | null = holder; other; other = other.waitsFor)
        if (other === transaction) throw sqlError('40P01', 'deadlock detected')
      yield holder
    }
    this.#lockedBy.set(key, transaction)
    yield null
  }

  #end(transaction: Transaction, status: TransactionStatus): void {
    transaction.status = status
    for (const [key, holder] of this.#lockedBy) if (holder === transaction) this.#lockedBy.delete(key)
    for (const wake of transaction.waiters.splice(0)) wake()
  }
}
