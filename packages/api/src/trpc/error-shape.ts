import { type FieldProblem, IdentityError, type IdentityErrorCode, invalidRequest } from '@identity/core'
import { type TRPC_ERROR_CODE_NUMBER, TRPCError } from '@trpc/server'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import superjson from 'superjson'
import { ZodError } from 'zod'
import { problemsOf } from '../contract.ts'
import { TRANSPORT } from '../errors.ts'
import { BODY_ERRORS, malformed } from '../rest/problem-document.ts'

/** An error as it travels in tRPC's envelope. */
export interface IdentityErrorShape {
  code: TRPC_ERROR_CODE_NUMBER
  message: string
  data: IdentityErrorData
}

/** Calls that one HTTP request may carry; the client makes no larger batch. Each may be answered with a whole list. */
export const MAX_BATCH_CALLS = 100

/** tRPC's word for more of them, which says neither how many there may be nor what to do. */
const BATCH_TOO_LARGE = 'Batch call exceeds maximum size'

export interface IdentityErrorData {
  /** tRPC's own name for it. */
  code: string
  httpStatus: number
  path: string | undefined
  /** The service's name for it, the same on every transport. */
  identityCode: IdentityErrorCode
  /** With `invalid_request`: every field that is wrong. */
  problems: readonly FieldProblem[]
  /** With `unavailable` and `rate_limited`: when to try again, in seconds. */
  retryAfterS: number | undefined
}

/** The one place that builds tRPC's error shape: the service's code and field problems, never a stack. */
export function identityErrorShape({
  shape,
  error,
}: {
  shape: { code: TRPC_ERROR_CODE_NUMBER; message: string; data: { code: string; httpStatus: number; path?: string } }
  error: TRPCError
}): IdentityErrorShape {
  const known = identityErrorOf(error)
  return {
    code: shape.code,
    message: known?.message ?? shape.message,
    data: {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      path: shape.data.path,
      identityCode: identityCodeOf(error),
      problems: known?.problems ?? [],
      retryAfterS: known?.retryAfterS,
    },
  }
}

/** An error as tRPC's clients expect one in answer to a whole HTTP request. */
export function envelope(error: IdentityError): object {
  const { trpc, status } = TRANSPORT[error.code]
  const shape = {
    code: TRPC_ERROR_CODES_BY_KEY[trpc],
    message: error.message,
    data: { code: trpc, httpStatus: status },
  }
  return {
    error: superjson.serialize(identityErrorShape({ shape, error: new TRPCError({ code: trpc, cause: error }) })),
  }
}

/** The service's name for what a call failed with. */
export function identityCodeOf(error: TRPCError): IdentityErrorCode {
  return identityErrorOf(error)?.code ?? codeOfTrpc(error.code)
}

function identityErrorOf({ cause, message }: TRPCError): IdentityError | undefined {
  if (message === BATCH_TOO_LARGE)
    return malformed(`A tRPC batch has ${MAX_BATCH_CALLS} calls at the most. Send fewer in one request.`)
  if (cause instanceof IdentityError) return cause
  // Of JSON.parse, whose message would quote the body.
  if (cause instanceof SyntaxError) return BODY_ERRORS.unparsable()
  return cause instanceof ZodError ? invalidRequest(problemsOf(cause)) : undefined
}

/** What tRPC itself refuses, in the service's words. */
function codeOfTrpc(trpcCode: string): IdentityErrorCode {
  const mapping = Object.entries(TRANSPORT).find(([, { trpc }]) => trpc === trpcCode)
  return (mapping?.[0] as IdentityErrorCode | undefined) ?? 'invalid_request'
}
