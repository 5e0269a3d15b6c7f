import { readConfig } from '../config.ts'
import { type HttpServer, startHttpServer } from '../http-server.ts'
import { createLogger } from '../logger.ts'
import { type ToWorker, tellPrimary } from './messages.ts'
import { RemoteCounts } from './remote-counts.ts'
import { RemoteMetrics } from './remote-metrics.ts'

/** One of the processes that serve. Its PORT and DATABASE_URL are the primary's choice. */
export async function runWorker(): Promise<void> {
  // A terminal signals the whole group. The primary decides when to stop, and without it, node:cluster ends this process.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  const counts = new RemoteCounts((keys) => tellPrimary({ type: 'count', keys }))
  const allMetrics = new RemoteMetrics(() => tellPrimary({ type: 'collect' }))
  let server: HttpServer | undefined
  const { promise: stopAsked, resolve: askToStop } = Promise.withResolvers<void>()
  process.on('message', (message: ToWorker) => {
    if (message.type === 'stop') askToStop()
    else if (message.type === 'counted') counts.receive(message.counts)
    else if (message.type === 'collected') allMetrics.receive(message.families)
    else void tellPrimary({ type: 'measured', families: server?.metrics() ?? [] })
  })
  try {
    const config = readConfig(process.env)
    server = await startHttpServer(config, createLogger(config), {
      databaseUrl: config.DATABASE_URL!,
      counts,
      collect: () => allMetrics.collect(),
    })
    await tellPrimary({ type: 'ready', url: server.url })
    await stopAsked
    await server.stop()
    process.exit(0)
  } catch (error) {
    const { message, code, stack } = error as NodeJS.ErrnoException
    await tellPrimary({ type: 'failed', failure: { message, code, stack } })
    process.exit(1)
  }
}
