import cors from '@fastify/cors'
import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import { sendProblem } from '@identity/api'
import { IdentityError } from '@identity/core'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Counts } from './request-counts.ts'

/** A batch of tRPC calls names each in the path. */
const MAX_PARAM_LENGTH = 5_000
/** A thousand requests with the longest values there can be, in tRPC's envelope, take a third of it. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** Fastify with what applies to every route; `counts` is where RATE_LIMIT counts. */
export async function createApp(config: Config, logger: Logger, counts: Counts): Promise<FastifyInstance> {
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
      store: storeOf(counts),
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
