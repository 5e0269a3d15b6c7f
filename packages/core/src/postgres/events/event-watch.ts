import type { EventHead } from '../statements/event-head.ts'

/** How often another process's writes are looked for, while somebody waits for them. */
const LOOK_INTERVAL_MS = 500
/** This process's own writes are told at once, and then no more often than this: under load, many at a time. */
const WAKE_INTERVAL_MS = 50

interface Waiting {
  /** How far whoever waits has read. */
  readonly position: number
  wake(): void
}

/**
 * Those who wait for a workspace's next events. All of them together ask the database one question an interval, and none
 * where nobody waits.
 */
export class EventWatch {
  readonly #readHead: (workspaceId: number) => Promise<EventHead & { hasPending: boolean }>
  readonly #waiting = new Map<number, Set<Waiting>>()
  readonly #wokenAtMs = new Map<number, number>()
  readonly #wakesDue = new Set<number>()
  #isLooking = false

  constructor(readHead: (workspaceId: number) => Promise<EventHead & { hasPending: boolean }>) {
    this.#readHead = readHead
  }

  /** Resolves when there may be changes after the position, or when the signal is aborted. */
  wait(workspaceId: number, position: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const waiting = {
        position,
        wake: () => {
          this.#leave(workspaceId, waiting)
          signal.removeEventListener('abort', waiting.wake)
          resolve()
        },
      }
      const others = this.#waiting.get(workspaceId)
      if (others) others.add(waiting)
      else this.#waiting.set(workspaceId, new Set([waiting]))
      signal.addEventListener('abort', waiting.wake)
      this.#look()
    })
  }

  /** Something was written. */
  wake(workspaceId: number): void {
    if (!this.#waiting.has(workspaceId) || this.#wakesDue.has(workspaceId)) return
    this.#wakesDue.add(workspaceId)
    const wokenAtMs = this.#wokenAtMs.get(workspaceId) ?? Number.NEGATIVE_INFINITY
    setTimeout(
      () => {
        this.#wakesDue.delete(workspaceId)
        this.#wokenAtMs.set(workspaceId, performance.now())
        this.#wakeThose(workspaceId, () => true)
      },
      Math.max(0, wokenAtMs + WAKE_INTERVAL_MS - performance.now()),
    )
  }

  #wakeThose(workspaceId: number, areBehind: (waiting: Waiting) => boolean): void {
    for (const waiting of [...(this.#waiting.get(workspaceId) ?? [])]) if (areBehind(waiting)) waiting.wake()
  }

  #leave(workspaceId: number, waiting: Waiting): void {
    const all = this.#waiting.get(workspaceId)
    all?.delete(waiting)
    if (all?.size === 0) this.#waiting.delete(workspaceId)
  }

  #look(): void {
    if (this.#isLooking) return
    this.#isLooking = true
    // Whoever waits has a connection that keeps the process; this must not.
    setTimeout(async () => {
      for (const workspaceId of [...this.#waiting.keys()]) await this.#lookAt(workspaceId)
      this.#isLooking = false
      if (this.#waiting.size > 0) this.#look()
    }, LOOK_INTERVAL_MS).unref()
  }

  async #lookAt(workspaceId: number): Promise<void> {
    try {
      const { lastPosition, hasPending } = await this.#readHead(workspaceId)
      this.#wakeThose(workspaceId, ({ position }) => hasPending || position < lastPosition)
    } catch {
      // The database is away: whoever waits goes on waiting, and hears of it when it reads.
    }
  }
}
