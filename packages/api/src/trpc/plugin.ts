import { IdentityError } from '@identity/core'
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'
import { logFailure } from '../log-failure.ts'
import type { IdentityOperations } from '../types.ts'
import { type AppRouter, appRouter } from './router.ts'

/** The tRPC procedures under `/trpc`. */
export async function trpcRoutes(app: FastifyInstance, service: IdentityOperations): Promise<void> {
  await app.register(
    async (scope) => {
      await scope.register(fastifyTRPCPlugin<AppRouter>, {
        trpcOptions: {
          router: appRouter,
          createContext: () => ({ service }),
          allowMethodOverride: true,
          onError({ error, path, req }) {
            if (error.cause instanceof IdentityError) logFailure(req.log, `tRPC ${path}`, error.cause)
          },
          responseMeta({ errors }) {
            const causes = errors.map(({ cause }) => (cause instanceof IdentityError ? cause.retryAfterS : undefined))
            const retryAfterS = Math.max(0, ...causes.map((seconds) => seconds ?? 0))
            return retryAfterS > 0 ? { headers: { 'retry-after': String(retryAfterS) } } : {}
          },
        } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
      })
    },
    { prefix: '/trpc' },
  )
}
