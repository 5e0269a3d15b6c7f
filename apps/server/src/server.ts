import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import { IdentityService, identityHttp, sendProblem } from '@identity/api'
import { IdentityError } from '@identity/core'
import { migrate, Pool, PostgresStore } from '@identity/core/postgres'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { openDatabase } from './database.ts'
import { healthRoutes } from './health.ts'
import { VERSION } from './version.ts'

/** One for look-ups and previews, one for health checks. */
const SPARE_CONNECTIONS = 2
/** A batch of tRPC calls names each in the path. */
const MAX_PARAM_LENGTH = 5_000

/** A thousand requests with the longest values there can be, in tRPC's envelope, take a third of it. */
const BODY_LIMIT_BYTES = 1024 * 1024
const IDLE_CHECK_MS = 20

export interface Server {
  /** Where it listens. */
  readonly url: string
  /** Resolves when the embedded PostgreSQL has ended by itself. */
  readonly databaseDied: Promise<void>
  /** Takes no more requests, answers those it has, closes the pool and the embedded PostgreSQL. */
  stop(): Promise<void>
}

/** Configuration → database → engine → HTTP, in this order; `stop` undoes it in the other. */
export async function startServer(config: Config, logger: Logger): Promise<Server> {
  const database = await openDatabase(config, logger)
  try {
    await migrate(database.url)
    const maxConnections = config.READ_LANES + config.WRITE_LANES + SPARE_CONNECTIONS
    const pool = new Pool(database.url, { maxConnections })
    const store = new PostgresStore(pool, {
      readLanes: config.READ_LANES,
      writeLanes: config.WRITE_LANES,
      maxBatchSize: config.BATCH_SIZE,
      maxQueued: config.QUEUE_SIZE,
      timeoutMs: config.REQUEST_TIMEOUT_MS,
      onRetry: (event) =>
        logger[event.attempt < 4 ? 'debug' : 'warn'](event, `repeating database work: ${event.reason}`),
    })
    const app = await createApp(config, logger)
    let isStopping = false
    healthRoutes(app, pool, () => isStopping)
    const service = new IdentityService({
      store,
      defaultRegion: config.DEFAULT_REGION,
      onInternalError: (error) => logger.error({ err: error }, 'one request of identifyMany answered internal'),
    })
    await identityHttp(app, { service, version: VERSION })
    const url = await app.listen({ host: config.HOST, port: config.PORT })
    return {
      url,
      databaseDied: database.died,
      async stop() {
        isStopping = true
        await closeHttp(app)
        await pool.end()
        await database.stop()
      },
    }
  } catch (error) {
    await database.stop()
    throw error
  }
}

/** Waits for the answers under way. Clients keep their connections; each is closed once its answer is out. */
async function closeHttp(app: FastifyInstance): Promise<void> {
  const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS)
  await app.close()
  clearInterval(timer)
}

async function createApp(config: Config, logger: Logger): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // A line a request says little that the caller does not know, and is not free.
    logController: new LogController({ disableRequestLogging: true }),
    // A logger made for each request costs each one, for the few that log: those name their request themselves.
    childLoggerFactory: (parent) => parent,
    forceCloseConnections: 'idle',
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: config.TRUST_PROXY,
    // `__proto__` is an unknown key like any other: the contract copies the keys it knows, and nothing else is read.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, error),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  })
  if (config.CORS_ORIGINS) await app.register(cors, { origin: config.CORS_ORIGINS, exposedHeaders: ['Retry-After'] })
  if (config.RATE_LIMIT > 0) {
    await app.register(rateLimit, {
      max: config.RATE_LIMIT,
      timeWindow: '1 minute',
      allowList: (request) => request.url.startsWith('/health/'),
      errorResponseBuilder: (_request, { max, ttl }) => {
        const retryAfterS = Math.ceil(ttl / 1000)
        return new IdentityError('rate_limited', `More than ${max} requests in a minute. Wait ${retryAfterS} s.`, {
          retryAfterS,
        })
      },
    })
  }
  return app
}
