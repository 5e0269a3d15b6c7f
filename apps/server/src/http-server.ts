import { entrance, identityHttp } from '@identity/api'
import { Pool, PostgresStore, type RetryEvent, readIsolation } from '@identity/core/postgres'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { keyAuthentication } from './access.ts'
import { admission } from './admission.ts'
import { createApp } from './app.ts'
import { applyBlocksAsTheyCome } from './block-worker.ts'
import type { Config } from './config.ts'
import { deleteEventsAsTheyAge } from './event-retention.ts'
import { healthRoutes } from './health.ts'
import type { Family } from './metrics/family.ts'
import { type Collect, Metrics } from './metrics/metrics.ts'
import { metricsRoute } from './metrics/route.ts'
import { Readiness } from './readiness.ts'
import type { Counts } from './request-counts.ts'
import { connectionsOfOne } from './sizing.ts'
import { VERSION } from './version.ts'
import { isAllowedUrl } from './webhooks/allowed-url.ts'
import { Webhooks } from './webhooks/webhooks.ts'

const IDLE_CHECK_MS = 20

/** What one process serves. */
export interface HttpServer {
  /** Where it listens. */
  readonly url: string
  /** The metrics of this process. */
  metrics(): Family[]
  /** Takes no more requests, answers those it has, closes the pool. */
  stop(): Promise<void>
}

export interface HttpServerOptions {
  /** A database that is migrated. */
  readonly databaseUrl: string
  readonly counts: Counts
  /** The metrics of all processes. @default this one's */
  readonly collect?: Collect
}

/** Pool → engine → HTTP, in this order; `stop` undoes it in the other. */
export async function startHttpServer(
  config: Config,
  logger: Logger,
  { databaseUrl, counts, collect }: HttpServerOptions,
): Promise<HttpServer> {
  const isolation = await readIsolation(databaseUrl)
  if (!isolation.isEffective) {
    logger.warn(
      'row-level security does not bind this user of PostgreSQL: use one without BYPASSRLS, or let it make the role identity_service, as the second line between workspaces',
    )
  }
  await using undo = new AsyncDisposableStack()
  const tracing = await tracingOf(config, logger)
  undo.defer(() => tracing?.stop())
  const metrics = new Metrics()
  undo.defer(() => metrics.process.stop())
  const pool = new Pool(databaseUrl, {
    isolation,
    maxConnections: connectionsOfOne({ readLanes: config.READ_LANES, writeLanes: config.WRITE_LANES }),
    ...(tracing && { connect: tracing.connect }),
  })
  undo.defer(() => pool.end())
  const onRetry = (event: RetryEvent) => {
    metrics.store.onRetry(event.code)
    logger[event.attempt < 4 ? 'debug' : 'warn'](event, `repeating database work: ${event.reason}`)
  }
  const store = new PostgresStore(pool, {
    readLanes: config.READ_LANES,
    writeLanes: config.WRITE_LANES,
    maxBatchSize: config.BATCH_SIZE,
    maxQueued: config.QUEUE_SIZE,
    timeoutMs: config.REQUEST_TIMEOUT_MS,
    onRetry,
    observer: { onBatch: (phase, size) => metrics.store.onBatch(phase, size), tracing: tracing?.ofStore },
  })
  const ownMetrics = () => metrics.families(store, pool, webhooks)
  const authenticate = keyAuthentication(config, pool, onRetry)
  const admit = admission(config, counts)
  const app = await createApp(config, logger, { counts, metrics: metrics.requests })
  tracing?.observe(app)
  const stopping = new AbortController()
  healthRoutes(app, new Readiness({ pool, store, logger, isStopping: () => stopping.signal.aborted }))
  if (config.METRICS_PORT === undefined) metricsRoute(app, { authenticate, admit }, collect ?? ownMetrics)
  await identityHttp(app, {
    authenticate,
    admit,
    entrance: entrance({
      store,
      defaultRegion: config.DEFAULT_REGION,
      isAllowedWebhook: (url) => config.WEBHOOK_ALLOW_PRIVATE || isAllowedUrl(url),
      onInternalError: (error) => logger.error({ err: error }, 'one request of identifyMany answered internal'),
    }),
    version: VERSION,
    stopping: stopping.signal,
  })
  if (config.EVENT_RETENTION_DAYS !== undefined) {
    void deleteEventsAsTheyAge(pool, config.EVENT_RETENTION_DAYS, { logger, stopping: stopping.signal })
  }
  void applyBlocksAsTheyCome(pool, { logger, stopping: stopping.signal })
  const webhooks = new Webhooks({
    pool,
    logger,
    version: VERSION,
    allowPrivate: config.WEBHOOK_ALLOW_PRIVATE,
    observer: metrics.webhooks,
    untilEvents: (workspaceId, after, signal) => store.untilEvents(workspaceId, after, signal),
  })
  undo.defer(async () => {
    stopping.abort()
    await Promise.all([webhooks.stop(), closeHttp(app)])
  })
  const url = await app.listen({ host: config.HOST, port: config.PORT })
  const running = undo.move()
  return { url, metrics: ownMetrics, stop: () => running.disposeAsync() }
}

/** Undefined where nobody wants traces; then nothing of OpenTelemetry is loaded. */
async function tracingOf(config: Config, logger: Logger) {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: share } = config
  if (endpoint === undefined) return undefined
  const { startTracing } = await import('./tracing/start-tracing.ts')
  return startTracing({ endpoint, share, logger })
}

/** Waits for the answers under way. Clients keep their connections; each is closed once its answer is out. */
async function closeHttp(app: FastifyInstance): Promise<void> {
  const timer = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS)
  await app.close()
  clearInterval(timer)
}
