import { IdentityError } from '@identity/core'
import type { TRPCError } from '@trpc/server'

/** tRPC's `responseMeta`: one header for a whole batch, the longest wait that any of its calls was told. */
export function retryAfterMeta({ errors }: { errors: readonly TRPCError[] }): { headers?: Record<string, string> } {
  const waits = errors.map(({ cause }) => (cause instanceof IdentityError ? (cause.retryAfterS ?? 0) : 0))
  const retryAfterS = Math.max(0, ...waits)
  return retryAfterS > 0 ? { headers: { 'retry-after': String(retryAfterS) } } : {}
}
