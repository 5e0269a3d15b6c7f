import { setTimeout as delay } from 'node:timers/promises'
import type { DeliveryState } from '@identity/core/postgres'
import type { Logger } from 'pino'
import { Backoff } from './backoff.ts'
import { type Delivery, failedOf } from './delivery.ts'
import type { DeliveryWindow } from './delivery-window.ts'
import type { Lease } from './lease.ts'
import { MAX_ATTEMPTS } from './retry-delay.ts'
import { type Answer, ATTEMPT_TIMEOUT_MS, type Send } from './sender.ts'
import { signatureHeaders } from './signature.ts'
import type { Timers } from './timers.ts'

/** Attempts under way at once. */
const MAX_IN_FLIGHT = 8
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

/** Sends what a window lets go, each event until it is acknowledged or a dead letter. */
export class Attempts {
  readonly #options: AttemptsOptions
  readonly #lease: Lease
  readonly #window: DeliveryWindow<Delivery>
  readonly #progressed: () => void
  readonly #cutting = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  readonly #backoff: Backoff
  #sending = 0

  /**
   * @param state where the process before left off
   * @param progressed called when there may be room in the window again
   */
  constructor(
    options: AttemptsOptions,
    lease: Lease,
    window: DeliveryWindow<Delivery>,
    state: Pick<DeliveryState, 'failuresInARow' | 'pausedUntilMs'>,
    progressed: () => void,
  ) {
    this.#options = options
    this.#lease = lease
    this.#window = window
    this.#progressed = progressed
    this.#backoff = new Backoff(
      {
        timers: options.timers,
        due: (delivery) => {
          window.putBack(delivery)
          this.begin()
        },
        rested: () => this.begin(),
      },
      state,
    )
  }

  /** How many have no answer yet. */
  get sending(): number {
    return this.#sending
  }

  /** What another process is to know of them. */
  get state(): Pick<DeliveryState, 'failed' | 'failuresInARow' | 'pausedUntilMs'> {
    const { failuresInARow, pausedUntilMs } = this.#backoff
    return { failed: [...this.#window.unfinished].flatMap(failedOf), failuresInARow, pausedUntilMs }
  }

  /** Begins what may be sent now. */
  begin(): void {
    while (this.#underWay.size < MAX_IN_FLIGHT && this.#maySend()) {
      const delivery = this.#window.take()
      if (!delivery) return
      if (this.#backoff.waitsOn(delivery)) continue
      if (delivery.attempts >= MAX_ATTEMPTS) this.#begin(this.#bury(delivery))
      else this.#begin(this.#attempt(delivery))
    }
  }

  /** Where the window is full behind an event that fails alone, that one becomes a dead letter before its time. */
  giveUpObstacle(): void {
    const { obstacle } = this.#window
    if (!obstacle || obstacle.attempts < OBSTACLE_ATTEMPTS) return
    if (this.#backoff.drop(obstacle)) this.#begin(this.#bury(obstacle))
  }

  /** Once the lease has ended: lets those under way end for a moment, and cuts off what takes longer. */
  async stop(): Promise<void> {
    this.#backoff.stop()
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
    return this.#backoff.pausedUntilMs === null && this.#lease.covers(ATTEMPT_TIMEOUT_MS)
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
    this.#backoff.succeeded()
    const { deadLetterId } = delivery
    if (deadLetterId !== null) {
      await this.#lease.ask((store, workspaceId) => store.deleteDeadLetter(workspaceId, deadLetterId))
    }
    this.#window.finish(delivery)
  }

  async #failed(delivery: Delivery, answer: Extract<Answer, { acknowledged: false }>): Promise<void> {
    const { error, status, retryAfterMs } = answer
    this.#backoff.failed()
    delivery.attempts += 1
    delivery.lastFailure = { error, status }
    if (status === 410) {
      this.#options.logger.warn('the endpoint answered 410 (Gone) and is disabled')
      await this.#lease.ask((store, workspaceId, id) => store.disable(workspaceId, id))
      return this.#lease.end()
    }
    if (delivery.attempts >= MAX_ATTEMPTS) return this.#bury(delivery)
    this.#backoff.wait(delivery, retryAfterMs)
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
