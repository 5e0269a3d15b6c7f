/**
 * What a batch is for: `read` and `write` are identify's, `large_read` and `large_write` the same for persons of many
 * contacts, `lookup` is `find` and `preview`, `events` reads the log of them.
 */
export const PHASES = ['read', 'write', 'large_read', 'large_write', 'lookup', 'events'] as const
export type Phase = (typeof PHASES)[number]

/** Watches a store work, for metrics and traces. It is told of no personal data. None of it may throw. */
export interface Observer {
  /** A batch leaves for the database, with so many requests. */
  onBatch?(phase: Phase, size: number): void
  /** Without it, calls are not told apart, and nothing is kept of them. */
  readonly tracing?: Tracing | undefined
}

/** Sees a call on its way through batches, each of which serves many. */
export interface Tracing {
  /** Called where a call comes in. What it gives stays with the call. */
  caller(): unknown
  /** Does the work of a batch that serves these callers. */
  batch(phase: Phase, callers: readonly unknown[], work: () => Promise<void>): Promise<void>
}

/** What waits and what is under way in one phase. */
export interface Load {
  /** Calls that wait for a lane. */
  readonly queued: number
  /** Calls that may wait; one more is refused. */
  readonly maxQueued: number
  readonly busyLanes: number
  readonly lanes: number
}
