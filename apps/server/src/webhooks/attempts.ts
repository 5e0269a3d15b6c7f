import { setTimeout as delay } from 'node:timers/promises'
import type { DeliveryError, RecordedEvent } from '@identity/core'
import type { Logger } from 'pino'
import type { DeliveryWindow, InWindow } from './delivery-window.ts'
import type { Lease } from './lease.ts'
import { MAX_ATTEMPTS, retryDelayMs } from './retry-delay.ts'
import { type Answer, ATTEMPT_TIMEOUT_MS, type Send } from './sender.ts'
import { signatureHeaders } from './signature.ts'
import type { Timers } from './timers.ts'

/** Attempts under way at once. */
const MAX_IN_FLIGHT = 8
/** Failures in a row that say that the endpoint fails, not an event; the first success after them is for all. */
const OUTAGE_FAILURES = 5
/** What holds a full window back has been sent so often before it is given up early. */
const OBSTACLE_ATTEMPTS = 5
/** How long attempts that are under way may take at the end. */
const GRACE_MS = 2_000

export interface AttemptsOptions {
  readonly send: Send
  readonly timers: Timers
  readonly logger: Logger
  /** Names the sender in `User-Agent`. */
  readonly version: string
  /** How soon what the database was away for is tried again, milliseconds. */
  readonly lookIntervalMs: number
}

/** An event on its way to the endpoint. */
export interface Delivery extends InWindow {
  readonly event: RecordedEvent
  attempts: number
  /** Where it is one that is sent again. */
  readonly deadLetterId?: number
  lastFailure?: { readonly error: DeliveryError; readonly status: number | null }
}

/** Sends what a window lets go, each event until it is acknowledged or a dead letter. */
export class Attempts {
  readonly #options: AttemptsOptions
  readonly #lease: Lease
  readonly #window: DeliveryWindow<Delivery>
  readonly #progressed: () => void
  readonly #cutting = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  /** What ends the wait of each that failed and will be sent again. */
  readonly #waiting = new Map<Delivery, () => void>()
  #failuresInARow = 0
  #isPaused = false
  /** Ends the wait of the pause, and not the pause. */
  #endPause = () => {}

  /** @param progressed called when there may be room in the window again */
  constructor(options: AttemptsOptions, lease: Lease, window: DeliveryWindow<Delivery>, progressed: () => void) {
    this.#options = options
    this.#lease = lease
    this.#window = window
    this.#progressed = progressed
  }

  /** Begins what may be sent now. */
  begin(): void {
    while (this.#underWay.size < MAX_IN_FLIGHT && this.#maySend()) {
      const delivery = this.#window.take()
      if (!delivery) return
      this.#begin(this.#attempt(delivery))
    }
  }

  /** Where the window is full behind an event that fails alone, that one becomes a dead letter before its time. */
  giveUpObstacle(): void {
    const { obstacle } = this.#window
    if (!obstacle || obstacle.attempts < OBSTACLE_ATTEMPTS || !this.#waiting.has(obstacle)) return
    this.#waiting.get(obstacle)!()
    this.#waiting.delete(obstacle)
    this.#begin(this.#bury(obstacle))
  }

  /** Once the lease has ended: lets those under way end for a moment, and cuts off what takes longer. */
  async stop(): Promise<void> {
    for (const endWait of [...this.#waiting.values(), this.#endPause]) endWait()
    await Promise.race([Promise.all(this.#underWay), delay(GRACE_MS, undefined, { ref: false })])
    this.#cutting.abort()
  }

  /** Counts work as under way until it is over; then there may be room for more. */
  #begin(work: Promise<void>): void {
    const whole = work.finally(() => {
      this.#underWay.delete(whole)
      this.begin()
      this.#progressed()
    })
    this.#underWay.add(whole)
  }

  /** An attempt is over before the lease is: so no other process sends what comes after it meanwhile. */
  #maySend(): boolean {
    return !this.#isPaused && this.#lease.covers(ATTEMPT_TIMEOUT_MS)
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { event } = delivery
    const { id, url, secrets } = this.#lease.endpoint
    const body = JSON.stringify({ type: event.type, timestamp: event.at, data: event })
    const headers = {
      'content-type': 'application/json',
      'user-agent': `identity-webhooks/${this.#options.version}`,
      ...signatureHeaders(`msg_${id}_${event.id}`, body, secrets, Date.now()),
    }
    const answer = await this.#options.send(url, headers, body, this.#cutting.signal)
    // What was cut off at the end is neither: whoever comes next sends it again.
    if (this.#cutting.signal.aborted && !answer.acknowledged) return
    if (answer.acknowledged) await this.#acknowledged(delivery)
    else await this.#failed(delivery, answer)
  }

  async #acknowledged(delivery: Delivery): Promise<void> {
    const wasOut = this.#failuresInARow >= OUTAGE_FAILURES
    this.#failuresInARow = 0
    if (wasOut) for (const waiting of [...this.#waiting.keys()]) this.#wake(waiting)
    const { deadLetterId } = delivery
    if (deadLetterId !== undefined) {
      await this.#lease.ask((store, workspaceId) => store.deleteDeadLetter(workspaceId, deadLetterId))
    }
    this.#window.finish(delivery)
  }

  async #failed(delivery: Delivery, answer: Extract<Answer, { acknowledged: false }>): Promise<void> {
    const { error, status, retryAfterMs } = answer
    this.#failuresInARow += 1
    delivery.attempts += 1
    delivery.lastFailure = { error, status }
    if (status === 410) {
      this.#options.logger.warn('the endpoint answered 410 (Gone) and is disabled')
      await this.#lease.ask((store, workspaceId, id) => store.disable(workspaceId, id))
      return this.#lease.end()
    }
    if (delivery.attempts >= MAX_ATTEMPTS) return this.#bury(delivery)
    if (retryAfterMs > 0) this.#pause(retryAfterMs)
    const waitMs = retryDelayMs(delivery.attempts, retryAfterMs, Math.random())
    this.#waiting.set(
      delivery,
      this.#options.timers.after(waitMs, () => this.#wake(delivery)),
    )
  }

  /** It asked for a rest, whatever it is sent. */
  #pause(retryAfterMs: number): void {
    this.#isPaused = true
    // The latest answer counts.
    this.#endPause()
    this.#endPause = this.#options.timers.after(retryDelayMs(1, retryAfterMs, 0), () => {
      this.#isPaused = false
      this.begin()
    })
  }

  #wake(delivery: Delivery): void {
    this.#waiting.get(delivery)?.()
    if (!this.#waiting.delete(delivery)) return
    this.#window.putBack(delivery)
    this.begin()
  }

  /** Makes it a dead letter; only then may what comes after it be sent. */
  async #bury(delivery: Delivery): Promise<void> {
    const { cursor, attempts, lastFailure, event } = delivery
    const failure = { attempts, ...lastFailure! }
    for (;;) {
      const kept = await this.#lease.ask(async (store, workspaceId, id) => {
        await store.keepDeadLetter(workspaceId, id, cursor, failure)
        return true
      })
      if (kept) break
      if (this.#lease.signal.aborted) return
      await delay(this.#options.lookIntervalMs, undefined, { ref: false })
    }
    this.#options.logger.warn(
      { eventId: event.id, ...failure },
      'an event could not be delivered and is a dead letter now',
    )
    this.#window.finish(delivery)
  }
}
