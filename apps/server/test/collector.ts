import { serve, type TestServer } from '@identity/testkit'

/** A span as OTLP carries it, in JSON. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly links?: ReadonlyArray<{ readonly traceId: string; readonly spanId: string }>
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: Record<string, unknown> }>
}

export interface Collector extends TestServer {
  readonly spans: readonly ReceivedSpan[]
  /** All that came, as it came. */
  readonly text: string
}

/** Takes OTLP over HTTP, as a collector does. Use with `await using`. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = []
  const server = await serve(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.method === 'POST' && request.url === '/v1/traces') bodies.push(body)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  return {
    ...server,
    get text() {
      return bodies.join('\n')
    },
    get spans() {
      return bodies.flatMap((body) =>
        (JSON.parse(body) as { resourceSpans: Array<{ scopeSpans: Array<{ spans: ReceivedSpan[] }> }> }).resourceSpans
          .flatMap(({ scopeSpans }) => scopeSpans)
          .flatMap(({ spans }) => spans),
      )
    },
  }
}
