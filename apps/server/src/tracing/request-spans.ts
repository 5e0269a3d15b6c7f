import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import type { FastifyInstance } from 'fastify'
import { onRequestEnd, outcomeOf, routeOf } from '../observe-requests.ts'
import { currentSpan } from './current-span.ts'

/** A span for each request, in the trace that the caller names in `traceparent`. Never an address: it can hold an e-mail. */
export function requestSpans(app: FastifyInstance, tracer: Tracer): void {
  const propagator = new W3CTraceContextPropagator()
  const spans = new WeakMap<object, Span>()
  app.addHook('onRequest', (request, _reply, done) => {
    const parent = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter)
    spans.set(request, tracer.startSpan(request.method, { kind: SpanKind.SERVER }, parent))
    done()
  })
  // Not earlier: reading the body leaves the context that the hooks before it ran in.
  app.addHook('preHandler', (request, _reply, done) => currentSpan.run(spans.get(request), done))
  onRequestEnd(app, (request, reply) => {
    const span = spans.get(request)
    const route = routeOf(request)
    if (route) span?.updateName(`${request.method} ${route}`).setAttribute('http.route', route)
    span?.setAttributes({
      'http.request.method': request.method,
      'http.response.status_code': reply.statusCode,
      'identity.request_id': request.id,
      'identity.outcome': outcomeOf(request, reply),
    })
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
  })
}
