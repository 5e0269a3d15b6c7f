import type { Random } from '../random.ts'
import { sqlError } from './transaction.ts'

/** How often what goes wrong, as probabilities of one statement. */
export interface FaultRates {
  /** A serialization failure, a deadlock, a time-out, a full disk. */
  readonly error: number
  /** The connection is lost before the statement arrives; at COMMIT, it may arrive all the same. */
  readonly lostBefore: number
  /** The connection is lost after the statement has taken effect, and before its answer arrives. */
  readonly lostAfter: number
}

export const NO_FAULTS: FaultRates = { error: 0, lostBefore: 0, lostAfter: 0 }

/** The longest that a statement is held up, milliseconds: longer than a change of rules waits for the servers. */
const LONGEST_STALL_MS = 2_000

const ERRORS = ['40001', '40P01', '53100', '57014']

/** Draws what goes wrong. */
export class Faults {
  readonly #random: Random
  readonly #rates: FaultRates
  readonly #stalls: number

  constructor(random: Random, rates: FaultRates, stalls = 0) {
    this.#random = random
    this.#rates = rates
    this.#stalls = stalls
  }

  /** How long a statement is held up now, by the network or a disk. */
  stallMs(): number {
    if (this.#stalls === 0 || !this.#random.chance(this.#stalls)) return 0
    return this.#random.next() * LONGEST_STALL_MS
  }

  before(statement: string): Error | 'lost' | null {
    if (this.#random.chance(this.#rates.lostBefore)) return 'lost'
    if (statement === 'rollback' || !this.#random.chance(this.#rates.error)) return null
    return sqlError(ERRORS[this.#random.below(ERRORS.length)]!, 'injected')
  }

  /** True when the connection is lost now. COMMIT is where it matters most. */
  after(statement: string): boolean {
    return this.#random.chance(this.#rates.lostAfter * (statement === 'commit' ? 10 : 1))
  }
}
