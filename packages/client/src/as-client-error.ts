import type { AppRouter } from '@identity/api/portable'
import type { TRPCClientError } from '@trpc/client'
import { IdentityClientError } from './error.ts'

/** What tRPC's client failed with, in the client's words. @param attempts how many there were */
export function asClientError(cause: TRPCClientError<AppRouter>, attempts: number): IdentityClientError {
  const message = attempts > 1 ? `${cause.message} (${attempts} attempts)` : cause.message
  if (cause instanceof IdentityClientError) return new IdentityClientError(cause.code, message, cause)
  if (!cause.data) return new IdentityClientError('invalid_call', message, { cause })
  const { identityCode, problems, httpStatus: status, retryAfterS } = cause.data
  const error = new IdentityClientError(identityCode, message, { problems, status, retryAfterS })
  return Object.assign(error, { shape: cause.shape, data: cause.data })
}
