/** Everything that can go wrong, by name. Each transport maps a code to its own status, once. */
export type IdentityErrorCode =
  | 'invalid_request'
  /** Nobody is known to call: no API key, or one that does not work. */
  | 'unauthenticated'
  /** Whoever calls is known, and may not do this. */
  | 'forbidden'
  | 'not_found'
  /** It was there once, and is deleted for its age. */
  | 'gone'
  | 'method_not_allowed'
  /** What is asked for cannot be done to the persons as they are; the message says what stands in the way. */
  | 'conflict'
  /** Every value of the request is blocked in its workspace. */
  | 'identifier_blocked'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

/** What is wrong with one field of a request. `field` is a key of the body, or `body` for the whole of it. */
export interface FieldProblem {
  field: string
  detail: string
}

/** The one error class. The message names the value found and the remedy; it is written for the caller. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError'
  readonly code: IdentityErrorCode
  /** With `invalid_request`, `identifier_blocked` and `conflict`: every problem, not only the first. */
  readonly problems: readonly FieldProblem[]
  /** With `unavailable` and `rate_limited`: when to try again, in seconds. */
  readonly retryAfterS: number | undefined

  constructor(
    code: IdentityErrorCode,
    message: string,
    options: { problems?: readonly FieldProblem[]; retryAfterS?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.problems = options.problems ?? []
    this.retryAfterS = options.retryAfterS
  }
}

/** An `invalid_request` whose message is its problems' details. */
export function invalidRequest(problems: readonly FieldProblem[]): IdentityError {
  return new IdentityError('invalid_request', problems.map((problem) => problem.detail).join(' '), { problems })
}

/** True for a failure that is nobody's fault among those who met it: to try them one by one would fail alike. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof IdentityError && error.code === 'unavailable'
}
