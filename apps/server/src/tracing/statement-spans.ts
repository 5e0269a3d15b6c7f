import { type Client, type ClientOptions, openClient } from '@identity/core/postgres'
import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import { currentSpan, under } from './current-span.ts'

/** The comment that each statement starts with; BEGIN and COMMIT are short enough to be their own names. */
const NAME = /^\s*(?:\/\* identity:([\w-]+) \*\/|(\w+)\s*$)/

/** Makes connections with a span for each statement that a batch sends: by name, with no text and no value. */
export function openTracedClient(tracer: Tracer): (url: string, options: ClientOptions) => Client {
  return (url, options) =>
    new Proxy(openClient(url, options), {
      apply(client, _this, args: Parameters<Client>) {
        const query = client(...args) as unknown
        const parent = currentSpan.getStore()
        const name = parent?.isRecording() ? nameOf(args[0]) : undefined
        if (name) traceQuery(query as Promise<unknown>, () => startSpan(tracer, name, parent!))
        return query
      },
    })
}

/** Undefined for a part of a statement, and for what makes lists and identifiers. */
function nameOf(template: unknown): string | undefined {
  if (!Array.isArray(template) || !('raw' in template)) return undefined
  const [, comment, word] = NAME.exec(template[0]) ?? []
  return comment ?? (template.length === 1 ? word : undefined)
}

function startSpan(tracer: Tracer, name: string, parent: Span): Span {
  return tracer.startSpan(
    name,
    { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } },
    under(parent),
  )
}

/** The driver sends a statement when somebody awaits it, and not before. */
function traceQuery(query: Promise<unknown>, start: () => Span): void {
  const send = query.then.bind(query)
  let sent: Promise<unknown> | undefined
  // biome-ignore lint/suspicious/noThenProperty: it is a promise, and this is where the driver notices that it is awaited
  query.then = ((...handlers: Parameters<typeof send>) => {
    sent ??= observed(send, start())
    return sent.then(...handlers)
  }) as typeof query.then
}

function observed(send: Promise<unknown>['then'], span: Span): Promise<unknown> {
  return send(
    (result) => {
      span.end()
      return result
    },
    (error: { code?: unknown }) => {
      span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('db.response.status_code', String(error.code))
      span.end()
      throw error
    },
  )
}
