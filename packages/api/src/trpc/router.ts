import { IdentityError, type Origin } from '@identity/core'
import { initTRPC, TRPCError, tracked } from '@trpc/server'
import superjson from 'superjson'
import { eventsQuery, eventsSubscription, identifyManyRequest, identifyRequest, personQuery } from '../contract.ts'
import { internalError, TRANSPORT } from '../errors.ts'
import type { CallRecord, EventsSubscription, IdentityOperations } from '../types.ts'
import { identityErrorShape } from './error-shape.ts'

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
  transformer: superjson,
  errorFormatter: identityErrorShape,
  sse: {
    ping: { enabled: true, intervalMs: PING_INTERVAL_MS },
    client: { reconnectAfterInactivityMs: RECONNECT_AFTER_MS },
  },
})

/** Every procedure's failures are IdentityErrors; tRPC gets its own name for each. */
const procedure = t.procedure.use(async ({ ctx, next }) => {
  const result = await next({ ctx: ctx as TrpcContext })
  if (result.ok || result.error.code !== 'INTERNAL_SERVER_ERROR') return result
  throw trpcError(result.error.cause ?? result.error)
})

function trpcError(cause: unknown): TRPCError {
  const error = cause instanceof IdentityError ? cause : internalError(cause)
  return new TRPCError({ code: TRANSPORT[error.code].trpc, message: error.message, cause: error })
}

const STOPPING = new IdentityError('unavailable', 'This server is stopping. Connect again: that is safe.', {
  retryAfterS: 0,
})

async function* follow(ctx: TrpcContext, { after, lastEventId }: EventsSubscription, signal: AbortSignal) {
  const { service, stopping } = ctx
  const ends = stopping ? AbortSignal.any([signal, stopping]) : signal
  try {
    for await (const events of service.followEvents(lastEventId ?? after, ends)) {
      // A key may have been revoked since.
      await ctx.stillAllowed()
      for (const event of events) yield tracked(event.id, event)
    }
  } catch (error) {
    throw trpcError(error)
  }
  // Said as a failure, so that the client connects again: to another server, or to this one when it is back.
  if (stopping?.aborted) throw trpcError(STOPPING)
}

export const appRouter = t.router({
  /** The one person behind an e-mail, a phone number or both. Safe to repeat. */
  identify: procedure
    .input(identifyRequest)
    .mutation(({ ctx, input }) => ctx.service.identify(input, ctx.origin, ctx.call)),

  /** Up to 1,000 requests, as if sent one after another; each result stands where its request stood. */
  identifyMany: procedure
    .input(identifyManyRequest)
    .mutation(({ ctx, input }) => ctx.service.identifyMany(input, ctx.origin)),

  /** What `identify` would answer and do. Writes nothing. */
  preview: procedure.input(identifyRequest).query(({ ctx, input }) => ctx.service.preview(input)),

  /** Look-ups. */
  person: t.router({
    /** The person of a contact id, an e-mail or a phone number; null where nobody has it. Writes nothing. */
    get: procedure.input(personQuery).query(({ ctx, input }) => ctx.service.getPerson(input)),
  }),

  /** What happened to persons, by ids alone. */
  events: t.router({
    /** The next events after one. Writes nothing. */
    list: procedure.input(eventsQuery).query(({ ctx, input }) => ctx.service.listEvents(input)),

    /** Every event after one, and those to come. A client that loses its connection goes on where it was. */
    subscribe: procedure
      .input(eventsSubscription)
      .subscription(({ ctx, input, signal }) => follow(ctx, input, signal!)),
  }),
})

export type AppRouter = typeof appRouter
