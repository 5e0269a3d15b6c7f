import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { Logger } from 'pino'
import { refuseToBeOpen } from '../access.ts'
import type { Config } from '../config.ts'
import { openDatabase } from '../database.ts'
import { serveMetrics } from '../metrics/own-port.ts'
import { RequestCounts } from '../request-counts.ts'
import type { Server } from '../server.ts'
import { Workers, type WorkersOptions } from './workers.ts'

const MAX_PORT_ATTEMPTS = 5

/**
 * The server as SERVER_PROCESSES processes on one port. This one owns the database, the signals and what must be
 * counted once; the workers serve.
 */
export async function startCluster(config: Config, logger: Logger): Promise<Server> {
  await using undo = new AsyncDisposableStack()
  const database = await openDatabase(config, logger)
  undo.defer(() => database.stop())
  await refuseToBeOpen(config, database.url)
  const { workers, url } = await startWorkers(config, {
    processes: config.SERVER_PROCESSES,
    env: { DATABASE_URL: database.url, SERVER_PROCESSES: String(config.SERVER_PROCESSES) },
    counts: new RequestCounts(),
    logger,
  })
  undo.defer(() => workers.stop())
  undo.use(await serveMetrics(config, logger, () => workers.metrics()))
  const running = undo.move()
  return { url, failed: Promise.race([database.failed, workers.failed]), stop: () => running.disposeAsync() }
}

async function startWorkers(config: Config, options: WorkersOptions): Promise<{ workers: Workers; url: string }> {
  for (let attempt = 1; ; attempt++) {
    const port = await claimPort(config)
    const workers = new Workers({ ...options, env: { ...options.env, PORT: String(port) } })
    try {
      return { workers, url: await workers.ready }
    } catch (error) {
      await workers.kill()
      const wasTakenMeanwhile = config.PORT === 0 && (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!wasTakenMeanwhile || attempt === MAX_PORT_ATTEMPTS) throw error
    }
  }
}

/**
 * The port as a number. Workers that listen on 0 share a port only while one of them lives; those started later must
 * come to where the clients are. @throws what listening throws
 */
async function claimPort({ HOST, PORT }: Config): Promise<number> {
  const probe = createServer().listen({ host: HOST, port: PORT })
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
