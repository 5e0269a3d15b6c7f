import { IdentityError, type IdentityErrorCode } from '@identity/core'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import { ZodError } from 'zod'
import { identifyManyRequest, identifyRequest, personQuery, problemsOf } from '../contract.ts'
import { internalError, TRANSPORT } from '../errors.ts'
import type { IdentityOperations } from '../types.ts'

export interface TrpcContext {
  service: IdentityOperations
}

const t = initTRPC.context<TrpcContext>().create({
  transformer: superjson,
  /** The one place that builds tRPC's error shape: the service's code and field problems, never a stack. */
  errorFormatter({ shape, error }) {
    const { cause } = error
    const problems =
      cause instanceof IdentityError ? cause.problems : cause instanceof ZodError ? problemsOf(cause) : []
    const identityCode = cause instanceof IdentityError ? cause.code : codeOfTrpc(error.code)
    return {
      code: shape.code,
      message: problems.length > 0 ? problems.map(({ detail }) => detail).join(' ') : shape.message,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        identityCode,
        problems,
        retryAfterS: cause instanceof IdentityError ? cause.retryAfterS : undefined,
      },
    }
  },
})

/** What tRPC itself refuses, in the service's words. */
function codeOfTrpc(trpcCode: string): IdentityErrorCode {
  const mapping = Object.entries(TRANSPORT).find(([, { trpc }]) => trpc === trpcCode)
  return (mapping?.[0] as IdentityErrorCode | undefined) ?? 'invalid_request'
}

/** Every procedure's failures are IdentityErrors; tRPC gets its own name for each. */
const procedure = t.procedure.use(async ({ next }) => {
  const result = await next()
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

  person: t.router({
    /** The person of a contact id, an e-mail or a phone number; null where nobody has it. Writes nothing. */
    get: procedure.input(personQuery).query(({ ctx, input }) => ctx.service.getPerson(input)),
  }),
})

export type AppRouter = typeof appRouter
