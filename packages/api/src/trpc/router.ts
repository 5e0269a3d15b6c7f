import { IdentityError } from '@identity/core'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import { identifyManyRequest, identifyRequest, personQuery } from '../contract.ts'
import { internalError, TRANSPORT } from '../errors.ts'
import type { IdentityOperations } from '../types.ts'
import { identityErrorShape } from './error-shape.ts'

/** What the host gives each request. */
export interface TrpcContext {
  service: IdentityOperations
}

// The context is any object as far as the router's type tells, so that clients' types show nothing of the server.
const t = initTRPC.context<object>().create({ transformer: superjson, errorFormatter: identityErrorShape })

/** Every procedure's failures are IdentityErrors; tRPC gets its own name for each. */
const procedure = t.procedure.use(async ({ ctx, next }) => {
  const result = await next({ ctx: ctx as TrpcContext })
  if (result.ok || result.error.code !== 'INTERNAL_SERVER_ERROR') return result
  const { cause } = result.error
  const error = cause instanceof IdentityError ? cause : internalError(cause ?? result.error)
  throw new TRPCError({ code: TRANSPORT[error.code].trpc, message: error.message, cause: error })
})

export const appRouter = t.router({
  /** The one person behind an e-mail, a phone number or both. Safe to repeat. */
  identify: procedure.input(identifyRequest).mutation(({ ctx, input }) => ctx.service.identify(input)),

  /** Up to 1,000 requests, as if sent one after another; each result stands where its request stood. */
  identifyMany: procedure.input(identifyManyRequest).mutation(({ ctx, input }) => ctx.service.identifyMany(input)),

  /** What `identify` would answer and do. Writes nothing. */
  preview: procedure.input(identifyRequest).query(({ ctx, input }) => ctx.service.preview(input)),

  /** Look-ups. */
  person: t.router({
    /** The person of a contact id, an e-mail or a phone number; null where nobody has it. Writes nothing. */
    get: procedure.input(personQuery).query(({ ctx, input }) => ctx.service.getPerson(input)),
  }),
})

export type AppRouter = typeof appRouter
