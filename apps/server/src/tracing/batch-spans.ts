import type { Tracing } from '@identity/core/postgres'
import { type Span, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { currentSpan, under } from './current-span.ts'

/**
 * A span for each batch. One that serves many requests is in the trace of the first of them, and linked with the others,
 * both ways.
 */
export function batchSpans(tracer: Tracer): Tracing {
  return {
    caller: () => currentSpan.getStore(),
    async batch(phase, callers, work) {
      const requests = new Set(callers.filter(isRecording))
      const [first, ...others] = requests
      if (!first) return currentSpan.run(undefined, work)
      const options = {
        attributes: { 'identity.phase': phase, 'identity.calls': callers.length },
        links: others.map((request) => ({ context: request.spanContext() })),
      }
      const batch = tracer.startSpan(`${phase} batch`, options, under(first))
      for (const request of others) request.addLink({ context: batch.spanContext() })
      try {
        await currentSpan.run(batch, work)
      } catch (error) {
        batch.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        batch.end()
      }
    },
  }
}

function isRecording(caller: unknown): caller is Span {
  return (caller as Span | undefined)?.isRecording() === true
}
