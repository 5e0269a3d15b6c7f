import { setTimeout as delay } from 'node:timers/promises'
import {
  type DeliveryError,
  type EventCursor,
  eventCursor,
  eventId,
  orderingKeys,
  type RecordedEvent,
} from '@identity/core'
import type { DeliveryStore, LeasedEndpoint } from '@identity/core/postgres'
import type { Logger } from 'pino'
import { pause } from '../pause.ts'
import { DeliveryWindow, type InWindow } from './delivery-window.ts'
import { MAX_ATTEMPTS, retryDelayMs } from './retry-delay.ts'
import { type Answer, ATTEMPT_TIMEOUT_MS, type Send } from './sender.ts'
import { signatureHeaders } from './signature.ts'
import type { Timers } from './timers.ts'

/** Attempts under way at once. */
const MAX_IN_FLIGHT = 8
/** Events in memory; with so many behind one that fails, no more are read. */
const MAX_IN_WINDOW = 1_000
const EVENTS_A_PAGE = 100
/** Failures in a row that say that the endpoint fails, not an event; the first success after them is for all. */
const OUTAGE_FAILURES = 5
/** What holds a full window back has been sent so often before it is given up early. */
const OBSTACLE_ATTEMPTS = 5
/** How long attempts that are under way may take at the end. */
const GRACE_MS = 2_000

/** What all deliverers of a process share. */
export interface DelivererOptions {
  readonly store: DeliveryStore
  readonly send: Send
  readonly timers: Timers
  readonly logger: Logger
  /** Names the sender in `User-Agent`. */
  readonly version: string
  /** Resolves when there may be events after this one, or when the signal is aborted. */
  readonly untilEvents: (workspaceId: number, after: string | undefined, signal: AbortSignal) => Promise<void>
  /** How often the endpoint's row is looked at, milliseconds. */
  readonly lookIntervalMs: number
}

interface Delivery extends InWindow {
  readonly event: RecordedEvent
  attempts: number
  /** Where it is one that is sent again. */
  readonly deadLetterId?: number
  lastFailure?: { readonly error: DeliveryError; readonly status: number | null }
}

/** Sends one endpoint its events, for as long as the endpoint is this process's. */
export class Deliverer {
  readonly #options: DelivererOptions
  readonly #workspaceId: number
  readonly #window: DeliveryWindow<Delivery>
  readonly #ending = new AbortController()
  readonly #cutting = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  /** What ends the wait of each that failed and will be sent again. */
  readonly #waiting = new Map<Delivery, () => void>()
  readonly #retried = new Set<number>()
  #endpoint: LeasedEndpoint
  /** By this process's clock; counted from before the database was asked. */
  #leaseEndsAtMs: number
  #savedAs: string
  #read: EventCursor
  #failuresInARow = 0
  #isPaused = false
  /** Ends the wait of the pause, and not the pause. */
  #endPause = () => {}
  #progress = Promise.withResolvers<void>()

  /** @param takenAtMs when the endpoint was asked for, by `performance.now()` */
  constructor(options: DelivererOptions, workspaceId: number, endpoint: LeasedEndpoint, takenAtMs: number) {
    this.#options = options
    this.#workspaceId = workspaceId
    this.#endpoint = endpoint
    this.#window = new DeliveryWindow(endpoint.delivered)
    this.#read = endpoint.delivered
    this.#savedAs = eventId(endpoint.delivered)
    this.#leaseEndsAtMs = takenAtMs + options.store.leaseMs
  }

  /** Delivers until the signal is aborted, or the endpoint is disabled, deleted or another's. */
  async run(stopping: AbortSignal): Promise<void> {
    const stop = () => this.#end()
    stopping.addEventListener('abort', stop)
    if (stopping.aborted) stop()
    await Promise.all([this.#keep(), this.#fill()])
    stopping.removeEventListener('abort', stop)
    for (const endWait of [...this.#waiting.values(), this.#endPause]) endWait()
    await Promise.race([Promise.all(this.#underWay), delay(GRACE_MS, undefined, { ref: false })])
    this.#cutting.abort()
    await this.#attemptDatabase(() => this.#store.end(this.#workspaceId, this.#endpoint.id, this.#window.delivered))
  }

  get #store(): DeliveryStore {
    return this.#options.store
  }

  #end(): void {
    this.#ending.abort()
    this.#progress.resolve()
  }

  /** Looks at the endpoint's row again and again: keeps the lease, saves the cursor, sees what has changed. */
  async #keep(): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      await this.#attemptDatabase(() => this.#look())
      this.#sendNext()
      await pause(this.#options.lookIntervalMs, signal)
    }
  }

  async #look(): Promise<void> {
    const { leaseMs } = this.#store
    const { delivered } = this.#window
    const nowMs = performance.now()
    const isDue = eventId(delivered) !== this.#savedAs || this.#leaseEndsAtMs - nowMs < (leaseMs * 2) / 3
    const endpoint = isDue
      ? await this.#store.renew(this.#workspaceId, this.#endpoint.id, delivered)
      : await this.#store.look(this.#workspaceId, this.#endpoint.id)
    if (!endpoint) return this.#end()
    if (isDue) {
      this.#savedAs = eventId(delivered)
      this.#leaseEndsAtMs = nowMs + leaseMs
    }
    this.#endpoint = endpoint
    await this.#readRetries()
  }

  async #readRetries(): Promise<void> {
    const room = MAX_IN_WINDOW - this.#window.size
    if (room <= 0) return
    const requested = await this.#store.retries(
      this.#workspaceId,
      this.#endpoint.id,
      [...this.#retried],
      Math.min(room, EVENTS_A_PAGE),
    )
    for (const { id, cursor, event } of requested) {
      this.#retried.add(id)
      if (event) {
        this.#window.addAside({ cursor, keys: orderingKeys(event), event, attempts: 0, deadLetterId: id })
      } else {
        const failure = { attempts: 0, error: 'gone', status: null } as const
        await this.#store.keepDeadLetter(this.#workspaceId, this.#endpoint.id, cursor, failure)
        this.#retried.delete(id)
      }
    }
  }

  /** Reads the log into the window, as far as there is room. */
  async #fill(): Promise<void> {
    const { signal } = this.#ending
    while (!signal.aborted) {
      const room = MAX_IN_WINDOW - this.#window.size
      if (room <= 0) {
        this.#giveUpObstacle()
        await this.#progress.promise
        this.#progress = Promise.withResolvers()
        continue
      }
      const limit = Math.min(room, EVENTS_A_PAGE)
      const isThere = await this.#attemptDatabase(() => this.#readPage(limit))
      this.#sendNext()
      if (isThere === 'more') continue
      if (isThere === undefined) await pause(this.#options.lookIntervalMs, signal)
      else await this.#options.untilEvents(this.#workspaceId, this.#lastRead(), signal)
    }
  }

  async #readPage(limit: number): Promise<'more' | 'all'> {
    const { events, deletedUpTo } = await this.#store.eventsFrom(this.#workspaceId, this.#read, limit)
    if (deletedUpTo) {
      this.#warn('events were deleted for their age before they could be sent', {})
      this.#read = deletedUpTo
      this.#window.pass(deletedUpTo)
    }
    const { types } = this.#endpoint
    for (const event of events) {
      this.#read = eventCursor(event.id)
      if (types && !types.includes(event.type)) this.#window.pass(this.#read)
      else this.#window.add({ cursor: this.#read, keys: orderingKeys(event), event, attempts: 0 })
    }
    return events.length === limit ? 'more' : 'all'
  }

  /** The last event of the log that was read, where there is one. */
  #lastRead(): string | undefined {
    const { position, index } = this.#read
    if (index >= 0) return eventId(this.#read)
    return position > 1 ? eventId({ position: position - 1, index: 0 }) : undefined
  }

  /** Begins what may be sent now. */
  #sendNext(): void {
    while (this.#underWay.size < MAX_IN_FLIGHT && this.#maySend()) {
      const delivery = this.#window.take()
      if (!delivery) return
      this.#begin(this.#attempt(delivery))
    }
  }

  /** Counts work as under way until it is over; then there may be room for more. */
  #begin(work: Promise<void>): void {
    const whole = work.finally(() => {
      this.#underWay.delete(whole)
      this.#sendNext()
      this.#progress.resolve()
    })
    this.#underWay.add(whole)
  }

  /** An attempt is over before the lease is: so no other process sends what comes after it meanwhile. */
  #maySend(): boolean {
    const isLeased = performance.now() + ATTEMPT_TIMEOUT_MS < this.#leaseEndsAtMs
    return isLeased && !this.#isPaused && !this.#ending.signal.aborted
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { event } = delivery
    const body = JSON.stringify({ type: event.type, timestamp: event.at, data: event })
    const headers = {
      'content-type': 'application/json',
      'user-agent': `identity-webhooks/${this.#options.version}`,
      ...signatureHeaders(`msg_${this.#endpoint.id}_${event.id}`, body, this.#endpoint.secrets, Date.now()),
    }
    const answer = await this.#options.send(this.#endpoint.url, headers, body, this.#cutting.signal)
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
      await this.#attemptDatabase(() => this.#store.deleteDeadLetter(this.#workspaceId, deadLetterId))
      this.#retried.delete(deadLetterId)
    }
    this.#window.finish(delivery)
  }

  async #failed(delivery: Delivery, answer: Extract<Answer, { acknowledged: false }>): Promise<void> {
    const { error, status, retryAfterMs } = answer
    this.#failuresInARow += 1
    delivery.attempts += 1
    delivery.lastFailure = { error, status }
    if (status === 410) {
      this.#warn('the endpoint answered 410 (Gone) and is disabled', {})
      await this.#attemptDatabase(() => this.#store.disable(this.#workspaceId, this.#endpoint.id))
      return this.#end()
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
      this.#sendNext()
    })
  }

  #wake(delivery: Delivery): void {
    this.#waiting.get(delivery)?.()
    if (!this.#waiting.delete(delivery)) return
    this.#window.putBack(delivery)
    this.#sendNext()
  }

  /** Where the window is full behind an event that fails alone, that one becomes a dead letter before its time. */
  #giveUpObstacle(): void {
    const { obstacle } = this.#window
    if (!obstacle || obstacle.attempts < OBSTACLE_ATTEMPTS || !this.#waiting.has(obstacle)) return
    this.#waiting.get(obstacle)!()
    this.#waiting.delete(obstacle)
    this.#begin(this.#bury(obstacle))
  }

  /** Makes it a dead letter; only then may what comes after it be sent. */
  async #bury(delivery: Delivery): Promise<void> {
    const { cursor, attempts, lastFailure, event, deadLetterId } = delivery
    const failure = { attempts, ...lastFailure! }
    const { id } = this.#endpoint
    for (;;) {
      const kept = await this.#attemptDatabase(async () => {
        await this.#store.keepDeadLetter(this.#workspaceId, id, cursor, failure)
        return true
      })
      if (kept) break
      if (this.#ending.signal.aborted) return
      await delay(this.#options.lookIntervalMs, undefined, { ref: false })
    }
    this.#warn('an event could not be delivered and is a dead letter now', { eventId: event.id, ...failure })
    if (deadLetterId !== undefined) this.#retried.delete(deadLetterId)
    this.#window.finish(delivery)
  }

  /** Undefined where the database is away: what was wanted of it is wanted again at the next look. */
  async #attemptDatabase<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!this.#ending.signal.aborted) this.#options.logger.debug({ err: error }, 'webhooks wait for the database')
      return undefined
    }
  }

  #warn(message: string, details: object): void {
    this.#options.logger.warn({ workspaceId: this.#workspaceId, endpointId: this.#endpoint.id, ...details }, message)
  }
}
