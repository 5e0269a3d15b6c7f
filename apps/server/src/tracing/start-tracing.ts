import { setTimeout as delay } from 'node:timers/promises'
import type { PoolOptions, Tracing } from '@identity/core/postgres'
import { setGlobalErrorHandler } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { VERSION } from '../version.ts'
import { batchSpans } from './batch-spans.ts'
import { requestSpans } from './request-spans.ts'
import { openTracedClient } from './statement-spans.ts'

const EXPORT_TIMEOUT_MS = 5_000
/** A collector that is away must not hold up the end. */
const STOP_TIMEOUT_MS = 2_000

export interface TracingOptions {
  /** Where a collector takes OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string
  /** How many of the requests that come without a trace get one, 0 to 1. With one, its own flag decides. */
  readonly share: number
  readonly logger: Logger
}

/** Traces of one process: request → batch → statements. */
export interface RunningTracing {
  readonly connect: NonNullable<PoolOptions['connect']>
  readonly ofStore: Tracing
  observe(app: FastifyInstance): void
  /** Sends what is left. */
  stop(): Promise<void>
}

/** Starts them. Whoever wants none does not load this file, and so nothing of OpenTelemetry. */
export function startTracing({ endpoint, share, logger }: TracingOptions): RunningTracing {
  setGlobalErrorHandler((error) =>
    logger.warn(
      { err: error },
      `traces do not reach OTEL_EXPORTER_OTLP_ENDPOINT. See that a collector listens there for OTLP over HTTP`,
    ),
  )
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`
  const own = resourceFromAttributes({ 'service.name': 'identity', 'service.version': VERSION })
  const provider = new TracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say more, or otherwise.
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }) }),
    ],
  })
  const tracer = provider.getTracer('identity', VERSION)
  return {
    connect: openTracedClient(tracer),
    ofStore: batchSpans(tracer),
    observe: (app) => requestSpans(app, tracer),
    async stop() {
      const timeout = delay(STOP_TIMEOUT_MS, undefined, { ref: false })
      await Promise.race([provider.shutdown().catch(() => {}), timeout])
    },
  }
}
