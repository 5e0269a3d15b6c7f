import type { PersonView } from '@identity/core'
import type { OracleRequest } from './oracle.ts'

/** What a call that keeps two contacts apart is told. */
export type Verdict = 'separated' | 'one person'

export type Answer = PersonView | Verdict

/** One call as its caller saw it. Times are of one clock, in any unit. */
export interface Call {
  readonly request: OracleRequest
  /**
   * With it, the call is no identify: it keeps two contacts apart, the one of a person who has the request's e-mail, the
   * other of one who has its phone number, as its caller had been answered.
   */
  readonly separates?: readonly [number, number] | undefined
  /** Null where no answer came: the call may have taken effect at any time since it started, or never. */
  readonly answer: Answer | null
  readonly startedAt: number
  /** Infinity where no answer came. */
  readonly endedAt: number
  /** Which process was called, for the reader. */
  readonly process?: string
}

/** The same call with its answer forgotten, which asks less of an order than the answer does. */
export function withoutAnswer(call: Call): Call {
  return { ...call, answer: null, endedAt: Number.POSITIVE_INFINITY }
}
