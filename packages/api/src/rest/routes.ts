import type { FastifyInstance } from 'fastify'
import type { IdentityOperations } from '../types.ts'
import { OPERATIONS } from './operations/index.ts'

/** Every plain HTTP operation, with and without a slash at the end. */
export function restRoutes(app: FastifyInstance, service: IdentityOperations): void {
  for (const { method, path, bodyLimitBytes, run } of OPERATIONS) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
    for (const variant of [url, `${url}/`]) {
      app.route({
        method,
        url: variant,
        ...(bodyLimitBytes && { bodyLimit: bodyLimitBytes }),
        handler: (request) => run(service, request),
      })
    }
  }
}
