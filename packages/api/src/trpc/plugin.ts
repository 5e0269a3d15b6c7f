import type { IdentityError } from '@identity/core'
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'
import type { IdentityOperations } from '../types.ts'
import { type AppRouter, appRouter } from './router.ts'

/** A batch of 1,000 requests with the longest values there can be, in superjson's envelope. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** The tRPC procedures under `/trpc`. */
export async function trpcRoutes(app: FastifyInstance, service: IdentityOperations): Promise<void> {
  await app.register(
    async (scope) => {
      await scope.register(fastifyTRPCPlugin<AppRouter>, {
        trpcOptions: {
          router: appRouter,
          createContext: () => ({ service }),
          maxBodySize: BODY_LIMIT_BYTES,
          onError({ error, path, req }) {
            const cause = error.cause as IdentityError | undefined
            if (error.code !== 'INTERNAL_SERVER_ERROR' && error.code !== 'SERVICE_UNAVAILABLE') return
            req.log.error({ err: cause ?? error }, `tRPC ${path} answered ${error.code}`)
          },
          responseMeta({ errors }) {
            const waits = errors.map((error) => (error.cause as IdentityError | undefined)?.retryAfterS ?? 0)
            const retryAfterS = Math.max(0, ...waits)
            return retryAfterS > 0 ? { headers: { 'retry-after': String(retryAfterS) } } : {}
          },
        } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
      })
    },
    { prefix: '/trpc', bodyLimit: BODY_LIMIT_BYTES },
  )
}
