import { setTimeout as delay } from 'node:timers/promises'
import type { RecordedEvent } from '@identity/core'
import type { DeliveryState, FailedDelivery } from '@identity/core/postgres'
import type { Logger } from 'pino'
import type { DeliveryWindow, InWindow } from './delivery-window.ts'
import type { Lease } from './lease.ts'
import { LONGEST_MS, MAX_ATTEMPTS, retryDelayMs } from './retry-delay.ts'
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

/** Is told what became of attempts; never throws. */
export interface DeliveryObserver {
  /** One has ended; not of those that are cut off when the process ends. */
  onAttempt(acknowledged: boolean, durationMs: number): void
  /** An event became a dead letter. */
  onGiveUp(): void
}

export interface AttemptsOptions {
  readonly send: Send
  readonly observer: DeliveryObserver
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
  /** Where it is one that is sent again. */
  readonly deadLetterId?: number
  /** Those that failed, in other processes, too. */
  attempts: number
  /** Not before then, milliseconds since 1970; 0 for at once. */
  dueAtMs: number
  lastFailure?: Pick<FailedDelivery, 'error' | 'status'> | undefined
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
  #sending = 0
  #failuresInARow: number
  #pausedUntilMs: number | null = null
  /** Whether what was left waiting by the process before waits on: not once an outage that it saw is over. */
  #heedsWaits = true
  /** Ends the wait of the pause, and not the pause. */
  #endPause = () => {}

  /**
   * @param state where the process before left off
   * @param progressed called when there may be room in the window again
   */
  constructor(
    options: AttemptsOptions,
    lease: Lease,
    window: DeliveryWindow<Delivery>,
    { failuresInARow, pausedUntilMs }: Pick<DeliveryState, 'failuresInARow' | 'pausedUntilMs'>,
    progressed: () => void,
  ) {
    this.#options = options
    this.#lease = lease
    this.#window = window
    this.#progressed = progressed
    this.#failuresInARow = failuresInARow
    const restMs = msUntil(pausedUntilMs ?? 0)
    if (restMs > 0) this.#pause(restMs)
  }

  /** Those of the window that were sent in vain and will be sent again. */
  get failed(): FailedDelivery[] {
    return [...this.#window.unfinished].flatMap(({ cursor, deadLetterId = null, attempts, dueAtMs, lastFailure }) =>
      lastFailure
        ? { cursor, deadLetterId, attempts, dueAtMs, error: lastFailure.error, status: lastFailure.status }
        : [],
    )
  }

  /** How many have no answer yet. */
  get sending(): number {
    return this.#sending
  }

  get failuresInARow(): number {
    return this.#failuresInARow
  }

  get pausedUntilMs(): number | null {
    return this.#pausedUntilMs
  }

  /** Begins what may be sent now. */
  begin(): void {
    while (this.#underWay.size < MAX_IN_FLIGHT && this.#maySend()) {
      const delivery = this.#window.take()
      if (!delivery) return
      const waitMs = this.#heedsWaits ? msUntil(delivery.dueAtMs) : 0
      if (waitMs > 0) this.#wait(delivery, waitMs)
      else if (delivery.attempts >= MAX_ATTEMPTS) this.#begin(this.#bury(delivery))
      else this.#begin(this.#attempt(delivery))
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
    return this.#pausedUntilMs === null && this.#lease.covers(ATTEMPT_TIMEOUT_MS)
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
    const startedAtMs = performance.now()
    this.#sending += 1
    const answer = await this.#options.send(url, headers, body, this.#cutting.signal)
    this.#sending -= 1
    // What was cut off at the end is neither: whoever comes next sends it again.
    if (this.#cutting.signal.aborted && !answer.acknowledged) return
    this.#options.observer.onAttempt(answer.acknowledged, performance.now() - startedAtMs)
    if (answer.acknowledged) await this.#acknowledged(delivery)
    else await this.#failed(delivery, answer)
  }

  async #acknowledged(delivery: Delivery): Promise<void> {
    const wasOut = this.#failuresInARow >= OUTAGE_FAILURES
    this.#failuresInARow = 0
    if (wasOut) this.#endOutage()
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
    if (retryAfterMs > 0) this.#pause(retryDelayMs(1, retryAfterMs, 0))
    this.#wait(delivery, retryDelayMs(delivery.attempts, retryAfterMs, Math.random()))
  }

  /** It asked for a rest, whatever it is sent. */
  #pause(restMs: number): void {
    this.#pausedUntilMs = Date.now() + restMs
    // The latest answer counts.
    this.#endPause()
    this.#endPause = this.#options.timers.after(restMs, () => {
      this.#pausedUntilMs = null
      this.begin()
    })
  }

  #wait(delivery: Delivery, waitMs: number): void {
    delivery.dueAtMs = Date.now() + waitMs
    this.#waiting.set(
      delivery,
      this.#options.timers.after(waitMs, () => this.#wake(delivery)),
    )
  }

  #endOutage(): void {
    this.#heedsWaits = false
    for (const waiting of [...this.#waiting.keys()]) this.#wake(waiting)
  }

  #wake(delivery: Delivery): void {
    this.#waiting.get(delivery)?.()
    if (!this.#waiting.delete(delivery)) return
    delivery.dueAtMs = 0
    this.#window.putBack(delivery)
    this.begin()
  }

  /** Makes it a dead letter; only then may what comes after it be sent. */
  async #bury(delivery: Delivery): Promise<void> {
    const { cursor, attempts, event } = delivery
    const { error, status } = delivery.lastFailure!
    const failure = { attempts, error, status }
    for (;;) {
      const kept = await this.#lease.ask(async (store, workspaceId, id) => {
        await store.keepDeadLetter(workspaceId, id, cursor, failure)
        return true
      })
      if (kept) break
      if (this.#lease.signal.aborted) return
      await delay(this.#options.lookIntervalMs, undefined, { ref: false })
    }
    this.#options.observer.onGiveUp()
    this.#options.logger.warn(
      { eventId: event.id, ...failure },
      'an event could not be delivered and is a dead letter now',
    )
    this.#window.finish(delivery)
  }
}

/** Clocks of servers may differ; nothing waits for longer than it could have been told to. */
function msUntil(atMs: number): number {
  return Math.min(LONGEST_MS, atMs - Date.now())
}
