import { type LockMode, Locks } from './locks.ts'
import type {
  BlockRuleRow,
  BridgeRow,
  ChangeRow,
  ClaimRow,
  ContactRow,
  PolicyRow,
  RefusalRow,
  SeparationRow,
  SubjectRow,
} from './rows.ts'
import { Sequence } from './sequence.ts'
import { Table } from './table.ts'
import { type Progress, Transaction, type TransactionStatus } from './transaction.ts'

/**
 * What PostgreSQL does at READ COMMITTED with the statements of the engine, as far as they can tell: rows that others
 * see after COMMIT only, row locks, insertions that wait for whoever is inserting the same key, deadlocks that are
 * noticed, sequences that never take back, and a clock. All rows are of one workspace.
 */
export class SimulatedDatabase {
  readonly contacts = new Table<number, ContactRow>('contact')
  readonly claims = new Table<string, ClaimRow>('claim')
  readonly changes = new Table<number, ChangeRow>('change')
  readonly subjects = new Table<string, SubjectRow>('subject')
  readonly bridges = new Table<string, BridgeRow>('bridge')
  readonly separations = new Table<string, SeparationRow>('separation')
  readonly refusals = new Table<string, RefusalRow>('refusal')
  readonly policies = new Table<number, PolicyRow>('policy')
  readonly blockRules = new Table<number, BlockRuleRow>('block_rule')
  readonly transactions = new Map<string, Transaction>()
  readonly contactIds = new Sequence()
  readonly changeIds = new Sequence()
  readonly separationIds = new Sequence()
  readonly blockRuleIds = new Sequence()
  readonly #locks = new Locks()
  readonly #nowMs: () => number
  #nextTransactionId = 1
  /** How far the clock is off; a test sets it back. */
  clockOffsetMs = 0
  /** Whether its text is in the order of code points, as the operator of a database chooses. */
  hasCodePointOrder = true

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
    for (const table of this.#tables()) table.commit(transaction)
    if (transaction.hasWritten) for (const sequence of this.#sequences()) sequence.flush()
    this.#end(transaction, 'committed')
  }

  abort(transaction: Transaction): void {
    if (transaction.status !== 'in progress') return
    for (const table of this.#tables()) table.abort(transaction)
    this.#end(transaction, 'aborted')
  }

  /**
   * Loses all that is not on disk: transactions under way, and what was drawn for them. Their numbers and ids are given
   * out again.
   */
  crash(): void {
    for (const transaction of this.transactions.values()) this.abort(transaction)
    for (const sequence of this.#sequences()) sequence.crash()
    const kept = [...this.transactions.values()].filter(
      ({ status, hasWritten }) => status === 'committed' && hasWritten,
    )
    this.#nextTransactionId = 1 + Math.max(0, ...kept.map(({ id }) => Number(id)))
    for (const id of this.transactions.keys()) if (Number(id) >= this.#nextTransactionId) this.transactions.delete(id)
  }

  /** Waits until nobody else holds the row, or the place of one, and holds it until the end of the transaction. */
  *lock(
    transaction: Transaction,
    { name }: { readonly name: string },
    key: number | string,
    mode: LockMode = 'no key update',
  ): Progress<void> {
    if (name === this.contacts.name) transaction.mayWriteContacts = true
    yield* this.#locks.take(transaction, `${name} ${key}`, mode)
    // Whoever only refers to a row, once for each, must not make a step of it.
    if (mode !== 'key share') yield null
  }

  #tables(): ReadonlyArray<Pick<Table<never, never>, 'commit' | 'abort'>> {
    const { contacts, claims, changes, subjects, bridges, separations, refusals, policies, blockRules } = this
    return [contacts, claims, changes, subjects, bridges, separations, refusals, policies, blockRules]
  }

  #sequences(): readonly Sequence[] {
    return [this.contactIds, this.changeIds, this.separationIds, this.blockRuleIds]
  }

  #end(transaction: Transaction, status: TransactionStatus): void {
    transaction.status = status
    this.#locks.release(transaction)
    for (const wake of transaction.waiters.splice(0)) wake()
  }
}
