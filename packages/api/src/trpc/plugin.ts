import { IdentityError } from '@identity/core'
import { TRPCError } from '@trpc/server'
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { FastifyError, FastifyInstance } from 'fastify'
import { errorHeaders } from '../error-headers.ts'
import { TRANSPORT } from '../errors.ts'
import { logFailure } from '../log-failure.ts'
import { type Access, authentication } from '../rest/authentication.ts'
import { toIdentityError } from '../rest/problem.ts'
import { malformed } from '../rest/problem-document.ts'
import { envelope, identityCodeOf, MAX_BATCH_CALLS } from './error-shape.ts'
import type { TrpcContext } from './procedure.ts'
import { responseMeta } from './response-meta.ts'
import { type AppRouter, appRouter } from './router.ts'

/** The tRPC procedures under `/trpc`. */
export async function trpcRoutes(app: FastifyInstance, access: Access, stopping?: AbortSignal): Promise<void> {
  await app.register(
    async (scope) => {
      scope.addHook('preParsing', authentication(access))
      // What fails before tRPC has the request is told in tRPC's envelope all the same.
      scope.setErrorHandler((cause: FastifyError, request, reply) => {
        const error = isBadAddress(cause)
          ? malformed('The address or Host is not valid.')
          : toIdentityError(cause, request.headers)
        request.outcome = error.code
        logFailure(request, `${request.method} /trpc`, error)
        return reply
          .code(TRANSPORT[error.code].status)
          .headers(errorHeaders(error))
          .type('application/json')
          .send(JSON.stringify(envelope(error)))
      })
      const options = {
        trpcOptions: {
          router: appRouter,
          createContext({ req, info }) {
            const [call, ...more] = info.calls
            // A path that is no procedure is any text.
            req.operation = call?.procedure && more.length === 0 ? `/trpc/${call.path}` : '/trpc'
            return {
              service: req.identity!,
              origin: req.origin,
              call: more.length === 0 ? req : undefined,
              async stillAllowed() {
                await access.authenticate(req.headers.authorization)
              },
              stopping,
            } satisfies TrpcContext
          },
          allowMethodOverride: true,
          maxBatchSize: MAX_BATCH_CALLS,
          onError({ error, path, req }) {
            req.outcome = identityCodeOf(error)
            if (error.cause instanceof IdentityError) logFailure(req, `tRPC ${path}`, error.cause)
          },
          responseMeta,
        } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
      }
      // Not registered, which would give it content types of its own.
      fastifyTRPCPlugin<AppRouter>(scope, options, () => {})
      // No procedure takes a form, and tRPC would read one to its end, whatever its size.
      scope.removeContentTypeParser('multipart/form-data')
    },
    { prefix: '/trpc' },
  )
}

/** tRPC makes a URL of the path and of Host, which may be any text. */
function isBadAddress(error: Error): boolean {
  return error instanceof TRPCError && error.code === 'BAD_REQUEST'
}
