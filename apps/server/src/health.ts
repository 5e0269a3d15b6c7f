import type { Pool } from '@identity/core/postgres'
import type { FastifyInstance } from 'fastify'

const READY_TIMEOUT_MS = 2_000

/** `GET /health/live`: the process answers. `GET /health/ready`: and so does the database, and it is not stopping. */
export function healthRoutes(app: FastifyInstance, pool: Pool, isStopping: () => boolean): void {
  app.get('/health/live', async () => ({ status: 'ok' }))
  app.get('/health/ready', async (_request, reply) => {
    if (isStopping()) return reply.code(503).send({ status: 'stopping' })
    if (!(await answersInTime(pool))) return reply.code(503).send({ status: 'database unreachable' })
    return { status: 'ok' }
  })
}

async function answersInTime(pool: Pool): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(resolve, READY_TIMEOUT_MS, false)
  const query = pool
    .use((client) => client`/* identity:health */ select 1 from workspace limit 1`)
    .then(
      () => true,
      () => false,
    )
  try {
    return await Promise.race([query, timeout])
  } finally {
    clearTimeout(timer)
  }
}
