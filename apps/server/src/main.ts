import cluster from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { DataDirInUse } from '@identity/embedded-postgres'
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
  // Before the start: a signal that comes during it stops the server in good order when it is up.
  const signalled = signal()
  const start = config.SERVER_PROCESSES > 1 ? startCluster : startServer
  const server = await start(config, logger).catch((error) => {
    throw explainStartFailure(error, config)
  })
  announce(server.url)

  const { reason, exitCode } = await Promise.race([signalled, failure(server)])
  logger[exitCode === 0 ? 'info' : 'fatal'](`stopping: ${reason}`)
  if (await stopsInTime(server, config)) process.exit(exitCode)
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

function stopsInTime(server: Server, config: Config): Promise<boolean> {
  return Promise.race([server.stop().then(() => true), delay(config.SHUTDOWN_TIMEOUT_MS, false)])
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
