import cluster from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { DataDirInUse } from '@identity/embedded-postgres'
import type { Logger } from 'pino'
import { startCluster } from './cluster/start-cluster.ts'
import { runWorker } from './cluster/worker.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { createLogger } from './logger.ts'
import { type Server, startServer } from './server.ts'
import { explainStartFailure, StartFailure } from './start-failure.ts'

interface Ending {
  reason: string
  exitCode: 0 | 1
}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const logger = createLogger(config)
  // Before the start, which a signal ends too.
  const signalled = signal()
  const start = config.SERVER_PROCESSES > 1 ? startCluster : startServer
  const started = start(config, logger).catch((error) => {
    throw explainStartFailure(error, config)
  })
  const interruption = await Promise.race([signalled, started.then(() => undefined)])
  if (interruption) return end(interruption, interrupted(started, config), config, logger)

  const server = await started
  announce(server.url)
  const ending = await Promise.race([signalled, failure(server)])
  return end(ending, () => server.stop(), config, logger)
}

/**
 * How to end a start. An embedded PostgreSQL ends in good order once it is up; on a database of yours, all there is
 * ends with this process, and PostgreSQL takes back what a migration had begun.
 */
function interrupted(started: Promise<Server>, { DATABASE_URL }: Config): () => Promise<void> {
  return DATABASE_URL ? async () => {} : async () => (await started).stop()
}

async function end({ reason, exitCode }: Ending, stop: () => Promise<void>, config: Config, logger: Logger) {
  logger[exitCode === 0 ? 'info' : 'fatal'](`stopping: ${reason}`)
  if (await inTime(stop(), config)) process.exit(exitCode)
  logger.error(`not stopped after SHUTDOWN_TIMEOUT_MS=${config.SHUTDOWN_TIMEOUT_MS}; some requests went unanswered`)
  process.exit(1)
}

function signal(): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>()
  // `on`, not `once`: under npm, Ctrl-C comes twice, from the terminal and passed on by npm; the second one must not kill.
  for (const reason of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(reason, () => resolve({ reason, exitCode: 0 }))
  return promise
}

async function failure(server: Server): Promise<Ending> {
  return { reason: await server.failed, exitCode: 1 }
}

function inTime(stopped: Promise<void>, config: Config): Promise<boolean> {
  return Promise.race([stopped.then(() => true), delay(config.SHUTDOWN_TIMEOUT_MS, false)])
}

function announce(url: string): void {
  console.log(`The identity service is listening on ${url}; the API reference is at ${url}/docs. Try it:

  curl ${url}/identify -H 'Content-Type: application/json' -d '{"email": "mcfly@hillvalley.edu", "phoneNumber": "123456"}'
`)
}

const run = cluster.isWorker ? runWorker : main
run().catch((error: unknown) => {
  const speaksForItself = error instanceof ConfigError || error instanceof StartFailure || error instanceof DataDirInUse
  console.error(speaksForItself ? error.message : error)
  process.exit(1)
})
