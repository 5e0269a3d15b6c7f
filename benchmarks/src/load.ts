import { requestStream, type StreamOptions } from './request-stream.ts'

export type Transport = 'http' | 'trpc'

/** One run of a load generator against one contestant. */
export interface Load extends StreamOptions {
  /** The server, or the database where there is no server. */
  url: string
  transport: Transport
  connections: number
  seconds: number
  /** Requests a second, for a generator that keeps a pace; the others send as fast as they are answered. */
  ratePerS?: number
}

export interface LoadResult {
  /** Requests answered in the time that was measured. */
  requestCount: number
  /** Requests answered at all, where a generator warms itself up before it measures. */
  totalRequestCount?: number
  durationS: number
  p50Ms: number
  p99Ms: number
  failures: {
    /** Connections refused, closed or broken. */
    connection: number
    /** Requests not answered in time. */
    timeout: number
    /** Answers other than 2xx. */
    status: number
  }
}

/** After how many seconds a request counts as not answered. */
export const TIMEOUT_S = 10

export interface LoadGenerator {
  /** With its version. */
  readonly name: string
  /** Runs in a process of its own. An abort ends it. */
  run(load: Load, signal: AbortSignal): Promise<LoadResult>
}

export const PATHS: Readonly<Record<Transport, string>> = { http: '/identify', trpc: '/trpc/identify' }

/** The bodies of a load's requests, in the envelope that its transport has. */
export function bodies(load: Load): () => string {
  const next = requestStream(load)
  return load.transport === 'trpc' ? () => `{"json":${next()}}` : next
}
