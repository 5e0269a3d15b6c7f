import type { FastifyError, FastifyInstance } from 'fastify'
import { docsRoutes } from './rest/docs-routes.ts'
import { identifyRoute } from './rest/identify-route.ts'
import { notFound } from './rest/not-found.ts'
import { sendProblem, toIdentityError } from './rest/problem.ts'
import { securityHeaders } from './rest/security-headers.ts'
import { trpcRoutes } from './trpc/plugin.ts'
import type { IdentityOperations } from './types.ts'

export interface HttpOptions {
  service: IdentityOperations
  /** The version that the OpenAPI document states. */
  version: string
}

/** Everything that the service offers over HTTP, put on a Fastify server of yours. */
export async function identityHttp(app: FastifyInstance, { service, version }: HttpOptions): Promise<void> {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(request, reply, toIdentityError(error)))
  app.removeContentTypeParser('text/plain')
  notFound(app)
  securityHeaders(app)
  identifyRoute(app, service)
  await docsRoutes(app, version)
  await trpcRoutes(app, service)
}
