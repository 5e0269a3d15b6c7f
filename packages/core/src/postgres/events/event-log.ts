import type { RecordedEvent } from '../../event.ts'
import { eventCursor } from '../../event-cursor.ts'
import type { EventQuery } from '../../store.ts'
import { Batcher, type Job, lastExpiryMs } from '../batcher.ts'
import { inWorkspace } from '../isolation.ts'
import type { Load, Observer } from '../observer.ts'
import type { Pool } from '../pool.ts'
import { type RetryEvent, withRetry } from '../retry.ts'
import { readEventHead } from '../statements/event-head.ts'
import { EventWatch } from './event-watch.ts'
import { readEvents } from './read-events.ts'

export interface EventLogOptions {
  readonly maxQueued: number
  readonly timeoutMs: number
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  readonly observer?: Observer | undefined
}

interface EventJob extends Job {
  readonly query: EventQuery
  resolve(events: RecordedEvent[]): void
}

/** The log of what was done, on one connection however many read it: identify keeps its lanes. */
export class EventLog {
  readonly #pool: Pool
  readonly #options: EventLogOptions
  readonly #batcher: Batcher<EventJob>
  readonly #watch: EventWatch

  constructor(pool: Pool, options: EventLogOptions) {
    this.#pool = pool
    this.#options = options
    const { maxQueued, observer } = options
    this.#batcher = new Batcher({ phase: 'events', lanes: 1, maxBatchSize: 1, maxQueued, observer, run: this.#read })
    this.#watch = new EventWatch((workspaceId) =>
      inWorkspace(pool, workspaceId, (client) => readEventHead(client, workspaceId)),
    )
  }

  get load(): Load {
    return this.#batcher.load
  }

  /** @throws IdentityError */
  async events(workspaceId: number, query: EventQuery): Promise<RecordedEvent[]> {
    const expiresAtMs = Date.now() + this.#options.timeoutMs
    const caller = this.#options.observer?.tracing?.caller()
    return new Promise((resolve, reject) =>
      this.#batcher.push({ workspaceId, size: 1, expiresAtMs, caller, query, resolve, reject }),
    )
  }

  untilEvents(workspaceId: number, after: string | undefined, signal: AbortSignal): Promise<void> {
    return this.#watch.wait(workspaceId, eventCursor(after).position, signal)
  }

  /** Tells whoever waits that this process has written. */
  written(workspaceId: number): void {
    this.#watch.wake(workspaceId)
  }

  #read = async (workspaceId: number, jobs: EventJob[]): Promise<void> => {
    const options = { deadlineMs: lastExpiryMs(jobs), onRetry: this.#options.onRetry }
    for (const { query, resolve } of jobs) {
      const read = () => inWorkspace(this.#pool, workspaceId, (client) => readEvents(client, workspaceId, query))
      resolve(await withRetry(read, options))
    }
  }
}
