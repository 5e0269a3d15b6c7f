import { IdentityError, type Origin } from '@identity/core'
import { initTRPC, TRPCError } from '@trpc/server'
import { internalError, TRANSPORT } from '../errors.ts'
import type { CallRecord, IdentityOperations } from '../types.ts'
import { identityErrorShape } from './error-shape.ts'
import { transformer } from './transformer.ts'

/** What the host gives each request. */
export interface TrpcContext {
  service: IdentityOperations
  /** On whose behalf. */
  origin: Origin | undefined
  /** Whether whoever called may still do so. @throws IdentityError */
  stillAllowed(): void | Promise<void>
  /** Aborted when the host stops. */
  stopping?: AbortSignal | undefined
  /** The call, where it is alone in its request. */
  call?: CallRecord | undefined
}

/** How often a subscription shows that it is alive, and after which silence a client connects again. */
const PING_INTERVAL_MS = 15_000
const RECONNECT_AFTER_MS = 40_000

// The context is any object as far as the router's type tells, so that clients' types show nothing of the server.
const t = initTRPC.context<object>().create({
  transformer,
  errorFormatter: identityErrorShape,
  sse: {
    ping: { enabled: true, intervalMs: PING_INTERVAL_MS },
    client: { reconnectAfterInactivityMs: RECONNECT_AFTER_MS },
  },
})

export const router = t.router

/** Every procedure's failures are IdentityErrors; tRPC gets its own name for each. */
export const procedure = t.procedure.use(async ({ ctx, next }) => {
  const result = await next({ ctx: ctx as TrpcContext })
  if (result.ok || result.error.code !== 'INTERNAL_SERVER_ERROR') return result
  throw trpcError(result.error.cause ?? result.error)
})

/** An error as tRPC wants it. */
export function trpcError(cause: unknown): TRPCError {
  const error = cause instanceof IdentityError ? cause : internalError(cause)
  return new TRPCError({ code: TRANSPORT[error.code].trpc, message: error.message, cause: error })
}
