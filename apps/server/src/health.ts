import type { FastifyInstance } from 'fastify'
import type { Readiness } from './readiness.ts'

/**
 * `GET /health/live`: the process's event loop turns. `GET /health/ready`: requests can be served, writes included;
 * where not, the body says why, and what to do.
 */
export function healthRoutes(app: FastifyInstance, readiness: Readiness): void {
  app.get('/health/live', async () => ({ status: 'ok' }))
  app.get('/health/ready', async (request, reply) => {
    const failures = await readiness.failures()
    if (failures.length === 0) return { status: 'ok' }
    request.outcome = 'unavailable'
    return reply.code(503).send({ status: 'not ready', failures })
  })
}
