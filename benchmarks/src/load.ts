import type { StreamOptions } from './request-stream.ts'

/** One run of a load generator against one server. */
export interface Load extends StreamOptions {
  /** The server; requests go to its `/identify`. */
  url: string
  connections: number
  seconds: number
}

export interface LoadResult {
  /** Requests answered. */
  requestCount: number
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
