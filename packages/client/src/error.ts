import type { AppRouter, FieldProblem, IdentityErrorCode } from '@identity/api/portable'
import { TRPCClientError } from '@trpc/client'

/** The server's codes, and what can go wrong before an answer of its is here. A newer server may have more. */
export type IdentityClientErrorCode =
  | IdentityErrorCode
  /** No answer within `timeoutMs`. */
  | 'timeout'
  /** No connection, or it broke. */
  | 'unreachable'
  /** The caller's signal. */
  | 'aborted'
  /** Something answered that is not the identity service, such as a proxy or a wrong address. */
  | 'unexpected_response'
  /** The request could not be made, such as by a `headers` function that failed. */
  | 'invalid_call'

/** Everything a call can fail with. The message says what was found and what to do about it. */
export class IdentityClientError extends TRPCClientError<AppRouter> {
  readonly code: IdentityClientErrorCode
  /** With `invalid_request`: every field that is wrong; `body` is the whole of it. */
  readonly problems: readonly FieldProblem[]
  /** The HTTP status, where something answered. */
  readonly status: number | undefined
  /** When to try again, in seconds, where the server said so. */
  readonly retryAfterS: number | undefined

  constructor(
    code: IdentityClientErrorCode,
    message: string,
    details: {
      problems?: readonly FieldProblem[] | undefined
      status?: number | undefined
      retryAfterS?: number | undefined
      cause?: unknown
    } = {},
  ) {
    super(message, details.cause instanceof Error ? { cause: details.cause } : undefined)
    // tRPC's constructor sets the prototype to its own class's.
    Object.setPrototypeOf(this, new.target.prototype)
    this.name = 'IdentityClientError'
    this.code = code
    this.problems = details.problems ?? []
    this.status = details.status
    this.retryAfterS = details.retryAfterS
  }
}
