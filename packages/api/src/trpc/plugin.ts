import { IdentityError } from '@identity/core'
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'
import { logFailure } from '../log-failure.ts'
import type { IdentityOperations } from '../types.ts'
import { retryAfterMeta } from './retry-after.ts'
import { type AppRouter, appRouter, type TrpcContext } from './router.ts'

/** The tRPC procedures under `/trpc`. */
export async function trpcRoutes(app: FastifyInstance, service: IdentityOperations): Promise<void> {
  await app.register(
    async (scope) => {
      await scope.register(fastifyTRPCPlugin<AppRouter>, {
        trpcOptions: {
          router: appRouter,
          createContext: () => ({ service }) satisfies TrpcContext,
          allowMethodOverride: true,
          onError({ error, path, req }) {
            if (error.cause instanceof IdentityError) logFailure(req, `tRPC ${path}`, error.cause)
          },
          responseMeta: retryAfterMeta,
        } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
      })
    },
    { prefix: '/trpc' },
  )
}
