import cors from '@fastify/cors'
import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import { sendProblem } from '@identity/api'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { answerClientError } from './client-errors.ts'
import type { Config } from './config.ts'
import type { RequestMetrics } from './metrics/request-metrics.ts'
import { observeRequests } from './observe-requests.ts'
import { rateLimited } from './rate-limits.ts'
import type { Counts } from './request-counts.ts'
import { requestIdOf } from './request-ids.ts'

/** What scripts on other origins may read. */
const EXPOSED_HEADERS = ['Retry-After', 'X-Request-Id', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']
/** What scripts on other origins may send; without it, nothing but GET, HEAD and POST. */
const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE']
/** A batch of tRPC calls names each in the path. */
const MAX_PARAM_LENGTH = 5_000
/** A thousand requests with the longest values there can be, in tRPC's envelope, take a third of it. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** Far more than any client sends; a batch of tRPC calls in an address takes a third of it. */
const MAX_HEADER_BYTES = 16 * 1024
/** Longer than load balancers keep an idle connection (60 s, usually), so that they close first, and never one in use. */
const KEEP_ALIVE_MS = 72_000
/** How often Node looks for requests that take too long to arrive; its default, half a minute, would be added to each. */
const LONGEST_CHECK_INTERVAL_MS = 1_000

export interface AppOptions {
  /** Where RATE_LIMIT counts. */
  readonly counts: Counts
  readonly metrics: RequestMetrics
}

/** Fastify with what applies to every route. */
export async function createApp(
  config: Config,
  logger: Logger,
  { counts, metrics }: AppOptions,
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // A line a request says little that the caller does not know, and is not free.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    // A logger made for each request costs each one, for the few that log: those name their request themselves.
    childLoggerFactory: (parent) => parent,
    forceCloseConnections: 'idle',
    // Headers and body together, and a connection that says nothing at all: none holds a place for longer, however slowly
    // it trickles. No time-out on the socket's silence: a batch may wait for the database longer than any that helps.
    requestTimeout: config.RECEIVE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: config.RECEIVE_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(LONGEST_CHECK_INTERVAL_MS, config.RECEIVE_TIMEOUT_MS / 2),
    },
    clientErrorHandler(error, socket) {
      const code = answerClientError(error, socket)
      if (code) metrics.count('none', undefined, code, undefined)
    },
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: config.TRUST_PROXY,
    // `__proto__` is an unknown key like any other: the contract copies the keys it knows, and nothing else is read.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    frameworkErrors(error, request, reply) {
      // No hook runs for these.
      reply.header('x-request-id', request.id)
      sendProblem(request, reply, error)
      metrics.count(request.method, undefined, request.outcome!, undefined)
    },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  observeRequests(app, metrics, config.LOG_REQUESTS ? logger : undefined)
  if (config.CORS_ORIGINS) {
    const origin = config.CORS_ORIGINS
    await app.register(cors, { origin, methods: CORS_METHODS, exposedHeaders: EXPOSED_HEADERS })
  }
  if (config.RATE_LIMIT > 0) {
    await app.register(rateLimit, {
      max: config.RATE_LIMIT,
      store: storeOf(counts),
      allowList: (request) => request.url.startsWith('/health/'),
      enableDraftSpec: true,
      errorResponseBuilder: (_request, { max, ttl }) => rateLimited(max, ttl, 'from this client'),
    })
  }
  return app
}

/** The plugin wants a class, of which it makes one instance. */
function storeOf(counts: Counts): FastifyRateLimitStoreCtor {
  return class Store {
    incr(key: string, callback: (error: Error | null, count?: { current: number; ttl: number }) => void): void {
      Promise.resolve(counts.increment(key)).then((count) => callback(null, count), callback)
    }

    child(): Store {
      return this
    }
  }
}
