import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { StartFailure } from '../start-failure.ts'
import { EXPOSITION_TYPE, exposition } from './exposition.ts'
import type { Collect } from './metrics.ts'

/**
 * `GET /metrics` on METRICS_PORT, without a key: it answers also while the database is away, and no key can be checked.
 * Does nothing where there is no METRICS_PORT.
 * @throws StartFailure where it cannot listen
 */
export async function serveMetrics(
  { METRICS_HOST, METRICS_PORT }: Config,
  logger: Logger,
  collect: Collect,
): Promise<AsyncDisposable> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end('There is nothing here but /metrics.\n')
      return
    }
    try {
      const body = exposition(await collect())
      response.writeHead(200, { 'content-type': EXPOSITION_TYPE }).end(body)
    } catch (error) {
      logger.error({ err: error }, 'GET /metrics answered 500')
      response.writeHead(500).end('The metrics could not be collected; the log says why.\n')
    }
  })
  if (METRICS_PORT !== undefined) {
    server.listen({ host: METRICS_HOST, port: METRICS_PORT })
    await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
      throw new StartFailure(
        `The server cannot start: METRICS_HOST=${METRICS_HOST} and METRICS_PORT=${METRICS_PORT} cannot be listened on (${error.code}). Set them to an address of this machine and a free port, or leave METRICS_PORT out.`,
        { cause: error },
      )
    })
  }
  return {
    async [Symbol.asyncDispose]() {
      if (!server.listening) return
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
