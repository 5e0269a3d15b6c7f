import { IdentityError, type IdentityErrorCode } from '@identity/core'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server'

/** Each code of the service, once a transport. */
interface Mapping {
  readonly status: number
  readonly title: string
  readonly trpc: TRPC_ERROR_CODE_KEY
}

export const TRANSPORT: Readonly<Record<IdentityErrorCode, Mapping>> = {
  invalid_request: { status: 400, title: 'Bad Request', trpc: 'BAD_REQUEST' },
  unauthenticated: { status: 401, title: 'Unauthorized', trpc: 'UNAUTHORIZED' },
  forbidden: { status: 403, title: 'Forbidden', trpc: 'FORBIDDEN' },
  not_found: { status: 404, title: 'Not Found', trpc: 'NOT_FOUND' },
  // tRPC has no name for it.
  gone: { status: 410, title: 'Gone', trpc: 'NOT_FOUND' },
  method_not_allowed: { status: 405, title: 'Method Not Allowed', trpc: 'METHOD_NOT_SUPPORTED' },
  conflict: { status: 409, title: 'Conflict', trpc: 'CONFLICT' },
  payload_too_large: { status: 413, title: 'Content Too Large', trpc: 'PAYLOAD_TOO_LARGE' },
  unsupported_media_type: { status: 415, title: 'Unsupported Media Type', trpc: 'UNSUPPORTED_MEDIA_TYPE' },
  identifier_blocked: { status: 422, title: 'Unprocessable Content', trpc: 'UNPROCESSABLE_CONTENT' },
  rate_limited: { status: 429, title: 'Too Many Requests', trpc: 'TOO_MANY_REQUESTS' },
  internal: { status: 500, title: 'Internal Server Error', trpc: 'INTERNAL_SERVER_ERROR' },
  unavailable: { status: 503, title: 'Service Unavailable', trpc: 'SERVICE_UNAVAILABLE' },
}

/** What a caller is told of a failure that is ours: nothing of its cause, which the log has. */
export function internalError(cause: unknown): IdentityError {
  // Not that repeating is safe: what made a webhook's endpoint may have failed after that.
  return new IdentityError(
    'internal',
    "The service failed on this request; its log says why, under the request's id.",
    {
      cause,
    },
  )
}
