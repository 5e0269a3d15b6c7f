import type { PersonView } from '@identity/core'
import type { OracleRequest } from './oracle.ts'

/** One call as its caller saw it. Times are of one clock, in any unit. */
export interface Call {
  readonly request: OracleRequest
  /** Null where no answer came: the call may have taken effect at any time since it started, or never. */
  readonly answer: PersonView | null
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
