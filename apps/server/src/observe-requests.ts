import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { RequestMetrics } from './metrics/request-metrics.ts'

/** What a request asked for, as metrics, logs and traces name it: never the address itself, which can hold an e-mail. */
export function routeOf(request: FastifyRequest): string | undefined {
  return request.operation ?? request.routeOptions.url
}

/** What became of a request, in a word. */
export function outcomeOf(request: FastifyRequest, reply: FastifyReply): string {
  if (!reply.raw.writableFinished && !isStream(reply)) return 'aborted'
  return request.outcome ?? (reply.statusCode < 400 ? 'ok' : 'error')
}

/** Whoever follows events stays until they go, so that neither is a failure, nor how long it took an answer's time. */
function isStream(reply: FastifyReply): boolean {
  return String(reply.raw.getHeader('content-type')).startsWith('text/event-stream')
}

/** Calls back when a request has ended: it is answered, or its caller went away before. */
export function onRequestEnd(
  app: FastifyInstance,
  ended: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    // Not `onResponse`, which knows nothing of those that callers gave up; they are the slowest.
    reply.raw.on('close', () => ended(request, reply))
    done()
  })
}

/**
 * Counts every request, and logs it where a logger is given.
 * @param log for a line a request
 */
export function observeRequests(app: FastifyInstance, metrics: RequestMetrics, log: Logger | undefined): void {
  onRequestEnd(app, (request, reply) => {
    const route = routeOf(request)
    const outcome = outcomeOf(request, reply)
    metrics.count(request.method, route, outcome, isStream(reply) ? undefined : reply.elapsedTime)
    log?.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: outcome === 'aborted' ? undefined : reply.statusCode,
        outcome,
        durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
        keyId: request.principal?.keyId ?? undefined,
      },
      'request',
    )
  })
}
