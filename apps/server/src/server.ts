import type { Logger } from 'pino'
import { refuseToBeOpen } from './access.ts'
import type { Config } from './config.ts'
import { openDatabase } from './database.ts'
import { startHttpServer } from './http-server.ts'
import { serveMetrics } from './metrics/own-port.ts'
import { RequestCounts } from './request-counts.ts'

export interface Server {
  /** Where it listens. */
  readonly url: string
  /** Resolves with the reason when it cannot go on; whoever started it then stops it. */
  readonly failed: Promise<string>
  /** Takes no more requests, answers those it has, closes the pools and the embedded PostgreSQL. */
  stop(): Promise<void>
}

/** The whole server in this process: configuration → database → engine → HTTP; `stop` undoes it in the other order. */
export async function startServer(config: Config, logger: Logger): Promise<Server> {
  await using undo = new AsyncDisposableStack()
  const database = await openDatabase(config, logger)
  undo.defer(() => database.stop())
  await refuseToBeOpen(config, database.url)
  const http = await startHttpServer(config, logger, { databaseUrl: database.url, counts: new RequestCounts() })
  undo.defer(() => http.stop())
  undo.use(await serveMetrics(config, logger, http.metrics))
  const running = undo.move()
  return { url: http.url, failed: database.failed, stop: () => running.disposeAsync() }
}
