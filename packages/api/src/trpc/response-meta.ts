import { IdentityError } from '@identity/core'
import type { TRPCError } from '@trpc/server'
import { errorHeaders } from '../error-headers.ts'

/** tRPC's `responseMeta`: one set of headers for a whole batch, with the longest wait that any of its calls was told. */
export function responseMeta({ errors }: { errors: readonly TRPCError[] }): { headers?: Record<string, string> } {
  const known = errors.flatMap(({ cause }) => (cause instanceof IdentityError ? [cause] : []))
  if (known.length === 0) return {}
  const shortestFirst = known.toSorted((a, b) => (a.retryAfterS ?? 0) - (b.retryAfterS ?? 0))
  return { headers: Object.assign({}, ...shortestFirst.map(errorHeaders)) }
}
