import type { FastifyInstance } from 'fastify'
import { type Access, authentication } from './authentication.ts'
import { OPERATIONS } from './operations/index.ts'

/** Every plain HTTP operation, with and without a slash at the end. */
export function restRoutes(app: FastifyInstance, access: Access): void {
  const preParsing = authentication(access)
  for (const { method, path, bodyLimitBytes, run } of OPERATIONS) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
    for (const variant of [url, `${url}/`]) {
      app.route({
        method,
        url: variant,
        ...(bodyLimitBytes && { bodyLimit: bodyLimitBytes }),
        preParsing,
        handler: (request) => run(request.identity!, request),
      })
    }
  }
}
