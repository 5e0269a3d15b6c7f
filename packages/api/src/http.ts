import type { FastifyError, FastifyInstance } from 'fastify'
import type { Access } from './rest/authentication.ts'
import { docsRoutes } from './rest/docs-routes.ts'
import { sendNotFound } from './rest/not-found.ts'
import { sendProblem } from './rest/problem.ts'
import { restRoutes } from './rest/routes.ts'
import { securityHeaders } from './rest/security-headers.ts'
import { trpcRoutes } from './trpc/plugin.ts'

export interface HttpOptions extends Access {
  /** The version that the OpenAPI document states. */
  version: string
  /** Aborted when the server stops: whoever follows events is told to connect again. @default never */
  stopping?: AbortSignal | undefined
}

/** Everything that the service offers over HTTP, put on a Fastify server of yours. */
export async function identityHttp(app: FastifyInstance, { version, stopping, ...access }: HttpOptions): Promise<void> {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // What the router makes of a method with a body that no route takes: an unknown method like any other.
    if (error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE') return sendNotFound(app, request, reply)
    return sendProblem(request, reply, error)
  })
  app.removeContentTypeParser('text/plain')
  app.setNotFoundHandler((request, reply) => sendNotFound(app, request, reply))
  securityHeaders(app)
  const ours = ['identity', 'principal', 'origin', 'operation', 'outcome'] as const
  for (const name of ours) app.decorateRequest(name, undefined)
  restRoutes(app, access)
  await docsRoutes(app, version)
  await trpcRoutes(app, access, stopping)
}
