import type { Client } from '@identity/core/postgres'
import type { SimulatedDatabase } from './database.ts'
import type { Faults } from './faults.ts'
import { SimulatedQuery } from './query.ts'
import type { Scheduler } from './scheduler.ts'
import { STATEMENTS } from './statements.ts'
import { type Progress, sqlError, type Transaction } from './transaction.ts'

interface Sent {
  readonly query: SimulatedQuery
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * A connection as the driver gives one: statements run in the order in which they were sent, each when the scheduler
 * says so. Its two ends part when it is lost: what was sent may still take effect, or not.
 */
export class SimulatedConnection {
  readonly #db: SimulatedDatabase
  readonly #scheduler: Scheduler
  readonly #faults: Faults
  readonly #onClose: () => void
  readonly #queue: Sent[] = []
  #current: Progress<unknown> | null = null
  /** The one that was begun; else that of the statement that runs. */
  #transaction: Transaction | null = null
  #isInTransaction = false
  #isScheduled = false
  #isOpen = true
  #hasBackend = true

  constructor(db: SimulatedDatabase, scheduler: Scheduler, faults: Faults, onClose: () => void) {
    this.#db = db
    this.#scheduler = scheduler
    this.#faults = faults
    this.#onClose = onClose
  }

  /** Whether the database has nothing to do for it, and holds nothing for it. */
  get isAtRest(): boolean {
    return !this.#hasBackend || (this.#queue.length === 0 && this.#transaction === null)
  }

  /** What the engine gets in place of a client of the driver. */
  client(): Client {
    const tag = (strings: readonly string[], ...args: unknown[]) => new SimulatedQuery(strings, args, this.#send)
    return Object.assign(tag, { end: async () => this.lose('CONNECTION_ENDED') }) as unknown as Client
  }

  /** Fails all that is under way, for the caller; `code: null` tells him nothing, as when he is dead himself. */
  lose(code: string | null, backendLivesOn = this.#scheduler.random.chance(0.5)): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const pending = this.#queue.map(({ reject }) => reject)
    this.#hasBackend = backendLivesOn
    if (!this.#hasBackend) this.#die()
    else if (this.#queue.length === 0) this.#scheduler.add(() => this.#die())
    else this.#schedule()
    if (code === null) return
    for (const reject of pending) reject(sqlError(code, 'the connection is gone'))
    this.#onClose()
  }

  #send = (query: SimulatedQuery): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!this.#isOpen) return reject(sqlError('CONNECTION_ENDED', 'the connection is gone'))
      this.#queue.push({ query, resolve, reject })
      this.#schedule()
    })

  #schedule = (): void => {
    if (this.#isScheduled || !this.#hasBackend || this.#queue.length === 0) return
    this.#isScheduled = true
    const step = () => {
      this.#isScheduled = false
      if (this.#hasBackend) this.#step()
    }
    const stallMs = this.#faults.stallMs()
    if (stallMs > 0) this.#scheduler.addTimer(step, stallMs)
    else this.#scheduler.add(step)
  }

  #step(): void {
    const { query, resolve, reject } = this.#queue[0]!
    try {
      if (!this.#current) {
        const fault = this.#isOpen ? this.#faults.before(query.name) : null
        if (fault === 'lost') {
          this.lose('CONNECTION_CLOSED')
          return
        }
        if (fault) throw fault
        this.#current = this.#execute(query)
      }
      const { done, value } = this.#current.next()
      if (!done) {
        this.#wait(value as Transaction | null)
        return
      }
      this.#current = null
      if (this.#isOpen && this.#faults.after(query.name)) {
        this.lose('CONNECTION_CLOSED')
        if (!this.#hasBackend) return
      }
      resolve(value)
    } catch (error) {
      this.#current = null
      if (this.#transaction) this.#db.abort(this.#transaction)
      if (!this.#isInTransaction) this.#transaction = null
      reject(error as Error)
    }
    this.#queue.shift()
    if (this.#queue.length === 0 && !this.#isOpen) this.#die()
    this.#schedule()
  }

  /** Goes on with the statement when the other transaction has ended; at any time where there is none. */
  #wait(blocker: Transaction | null): void {
    const transaction = this.#transaction!
    transaction.waitsFor = blocker
    if (!blocker) this.#schedule()
    else
      blocker.waiters.push(() => {
        transaction.waitsFor = null
        this.#schedule()
      })
  }

  *#execute(query: SimulatedQuery): Progress<unknown> {
    const transaction = this.#transaction
    switch (query.name) {
      case 'begin':
        this.#transaction = this.#db.begin()
        this.#isInTransaction = true
        return []
      case 'commit':
      case 'rollback': {
        this.#transaction = null
        this.#isInTransaction = false
        const commits = query.name === 'commit' && transaction?.status === 'in progress'
        if (commits) this.#db.commit(transaction)
        else if (transaction) this.#db.abort(transaction)
        return Object.assign([], { command: commits ? 'COMMIT' : 'ROLLBACK' })
      }
    }
    if (transaction && transaction.status !== 'in progress') throw sqlError('25P02', 'the transaction is aborted')
    const statement = STATEMENTS[query.name]
    if (!statement) throw new Error(`the simulation does not know the statement ${query.name}`)
    this.#transaction ??= this.#db.begin()
    const answer = statement(this.#db, this.#transaction, query)
    const rows = Array.isArray(answer) ? answer : yield* answer
    if (!this.#isInTransaction) {
      this.#db.commit(this.#transaction)
      this.#transaction = null
    }
    return rows
  }

  /** The database itself is gone. */
  crash(): void {
    this.lose('CONNECTION_CLOSED', false)
    this.#die()
  }

  /** The database's end notices that the other is gone. */
  #die(): void {
    this.#hasBackend = false
    this.#queue.length = 0
    if (this.#transaction) this.#db.abort(this.#transaction)
  }
}
