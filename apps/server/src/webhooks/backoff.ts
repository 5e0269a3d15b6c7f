import type { DeliveryState } from '@identity/core/postgres'
import type { Delivery } from './delivery.ts'
import { LONGEST_MS, retryDelayMs } from './retry-delay.ts'
import type { Timers } from './timers.ts'

/** Failures in a row that say that the endpoint fails, not an event; the first success after them is for all. */
const OUTAGE_FAILURES = 5

export interface BackoffOptions {
  readonly timers: Timers
  /** Called when one that waited may be sent. */
  readonly due: (delivery: Delivery) => void
  /** Called when the endpoint has had the rest that it asked for. */
  readonly rested: () => void
}

/** The waits between attempts: of each event that failed, and of the whole endpoint where it asked for a rest. */
export class Backoff {
  readonly #options: BackoffOptions
  /** What ends the wait of each. */
  readonly #waiting = new Map<Delivery, () => void>()
  #failuresInARow: number
  #pausedUntilMs: number | null = null
  /** Ends the wait of the pause, and not the pause. */
  #endPause = () => {}
  /** Whether what the process before left waiting waits on: not once an outage that it saw is over. */
  #heedsWaits = true

  /** @param state where the process before left off */
  constructor(
    options: BackoffOptions,
    { failuresInARow, pausedUntilMs }: Pick<DeliveryState, 'failuresInARow' | 'pausedUntilMs'>,
  ) {
    this.#options = options
    this.#failuresInARow = failuresInARow
    const restMs = msUntil(pausedUntilMs ?? 0)
    if (restMs > 0) this.#pause(restMs)
  }

  get failuresInARow(): number {
    return this.#failuresInARow
  }

  /** Null where the endpoint may be sent something. */
  get pausedUntilMs(): number | null {
    return this.#pausedUntilMs
  }

  /** Has one wait on that the process before left waiting. @returns whether it has to */
  waitsOn(delivery: Delivery): boolean {
    const waitMs = this.#heedsWaits ? msUntil(delivery.dueAtMs) : 0
    if (waitMs > 0) this.#wait(delivery, waitMs)
    return waitMs > 0
  }

  /** One was acknowledged. */
  succeeded(): void {
    const wasOut = this.#failuresInARow >= OUTAGE_FAILURES
    this.#failuresInARow = 0
    if (!wasOut) return
    this.#heedsWaits = false
    for (const delivery of [...this.#waiting.keys()]) this.#wake(delivery)
  }

  /** One failed, whether or not it is sent again. */
  failed(): void {
    this.#failuresInARow += 1
  }

  /**
   * Has one that failed wait, before it is sent again.
   * @param retryAfterMs what the endpoint asked for: a rest, whatever it is sent
   */
  wait(delivery: Delivery, retryAfterMs: number): void {
    if (retryAfterMs > 0) this.#pause(retryDelayMs(1, retryAfterMs, 0))
    this.#wait(delivery, retryDelayMs(delivery.attempts, retryAfterMs, Math.random()))
  }

  /** Has one wait no longer, and not be sent either. @returns whether it did */
  drop(delivery: Delivery): boolean {
    this.#waiting.get(delivery)?.()
    return this.#waiting.delete(delivery)
  }

  /** Ends all waits. Nothing is due any more. */
  stop(): void {
    for (const endWait of [...this.#waiting.values(), this.#endPause]) endWait()
  }

  #pause(restMs: number): void {
    this.#pausedUntilMs = Date.now() + restMs
    // The latest answer counts.
    this.#endPause()
    this.#endPause = this.#options.timers.after(restMs, () => {
      this.#pausedUntilMs = null
      this.#options.rested()
    })
  }

  #wait(delivery: Delivery, waitMs: number): void {
    delivery.dueAtMs = Date.now() + waitMs
    this.#waiting.set(
      delivery,
      this.#options.timers.after(waitMs, () => this.#wake(delivery)),
    )
  }

  #wake(delivery: Delivery): void {
    if (!this.drop(delivery)) return
    delivery.dueAtMs = 0
    this.#options.due(delivery)
  }
}

/** Clocks of servers may differ; nothing waits for longer than it could have been told to. */
function msUntil(atMs: number): number {
  return Math.min(LONGEST_MS, atMs - Date.now())
}
