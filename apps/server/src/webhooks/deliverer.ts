import { type EventCursor, eventCursor, eventId } from '@identity/core'
import type { DeliveryState, TakenEndpoint } from '@identity/core/postgres'
import { pause } from '../pause.ts'
import { Attempts, type AttemptsOptions } from './attempts.ts'
import { type Delivery, deliveryOf } from './delivery.ts'
import { DeliveryWindow } from './delivery-window.ts'
import { Inherited } from './inherited.ts'
import { Lease, type LeaseOptions } from './lease.ts'

/** Events in memory; with so many behind one that fails, no more are read. */
const MAX_IN_WINDOW = 1_000
const EVENTS_A_PAGE = 100
/** From one count of an endpoint's dead letters to the next. */
const LOOKS_A_COUNT = 10

/** What all deliverers of a process share. */
export interface DelivererOptions extends LeaseOptions, AttemptsOptions {
  /** Resolves when there may be events after this one, or when the signal is aborted. */
  readonly untilEvents: (workspaceId: number, after: string | undefined, signal: AbortSignal) => Promise<void>
}

/** What there is to do. */
export interface DeliveryLoad {
  /** Attempts that have no answer yet. */
  readonly underWay: number
  readonly deadLetters: number
  /** When the oldest event happened that is neither delivered nor a dead letter; null where there is none. */
  readonly oldestAtMs: number | null
}

/** Reads the log for one endpoint, and has it sent, for as long as the endpoint is this process's. */
export class Deliverer {
  readonly #options: DelivererOptions
  readonly #workspaceId: number
  readonly #lease: Lease
  readonly #window: DeliveryWindow<Delivery>
  readonly #attempts: Attempts
  readonly #inherited: Inherited
  #read: EventCursor
  #looks = 0
  #deadLetters = 0
  #progress = Promise.withResolvers<void>()

  /** @param takenAtMs when the endpoint was asked for, by `performance.now()` */
  constructor(options: DelivererOptions, workspaceId: number, endpoint: TakenEndpoint, takenAtMs: number) {
    this.#options = { ...options, logger: options.logger.child({ workspaceId, endpointId: endpoint.id }) }
    this.#workspaceId = workspaceId
    const { state } = endpoint
    this.#window = new DeliveryWindow(state.delivered)
    this.#inherited = new Inherited(state)
    this.#read = state.delivered
    this.#lease = new Lease(this.#options, workspaceId, endpoint, takenAtMs)
    this.#attempts = new Attempts(this.#options, this.#lease, this.#window, state, () => this.#progress.resolve())
  }

  get load(): DeliveryLoad {
    const { oldest } = this.#window
    return {
      underWay: this.#attempts.sending,
      deadLetters: this.#deadLetters,
      oldestAtMs: oldest ? Date.parse(oldest.event.at) : null,
    }
  }

  /** Delivers until the signal is aborted, or the endpoint is disabled, deleted or another's. */
  async run(stopping: AbortSignal): Promise<void> {
    const stop = () => this.#lease.end()
    this.#lease.signal.addEventListener('abort', () => this.#progress.resolve())
    stopping.addEventListener('abort', stop)
    if (stopping.aborted) stop()
    // Where one fails, the other ends too: a lease that is kept while nobody reads would be nobody else's ever.
    const parts = [this.#keep(), this.#fill()].map((part) => part.finally(stop))
    await Promise.allSettled(parts)
    stopping.removeEventListener('abort', stop)
    await this.#attempts.stop()
    await this.#lease.giveBack(this.#state())
    await Promise.all(parts)
  }

  #keep(): Promise<void> {
    return this.#lease.keep(
      () => this.#state(),
      async () => {
        await this.#readRetries()
        this.#attempts.begin()
        if (this.#looks++ % LOOKS_A_COUNT === 0) await this.#countDeadLetters()
      },
    )
  }

  async #countDeadLetters(): Promise<void> {
    const count = await this.#lease.ask((store, workspaceId, id) => store.countDeadLetters(workspaceId, id))
    this.#deadLetters = count ?? this.#deadLetters
  }

  /** What whoever comes next is to go on from. */
  #state(): DeliveryState {
    const { failed, failuresInARow, pausedUntilMs } = this.#attempts.state
    return {
      delivered: this.#window.delivered,
      over: [...this.#window.overAhead, ...this.#inherited.over],
      failed: [...failed, ...this.#inherited.failed],
      failuresInARow,
      pausedUntilMs,
    }
  }

  /** Reads the log into the window, as far as there is room. */
  async #fill(): Promise<void> {
    const { signal } = this.#lease
    while (!signal.aborted) {
      const limit = this.#pageSize()
      if (limit === 0) {
        this.#attempts.giveUpObstacle()
        await this.#progress.promise
        this.#progress = Promise.withResolvers()
        continue
      }
      const isThere = await this.#lease.ask(() => this.#readPage(limit))
      this.#attempts.begin()
      if (isThere === 'more') continue
      if (isThere === undefined) await pause(this.#options.lookIntervalMs, signal)
      else await this.#options.untilEvents(this.#workspaceId, this.#lastRead(), signal)
    }
  }

  async #readPage(limit: number): Promise<'more' | 'all'> {
    const { events, deletedUpTo } = await this.#options.store.eventsFrom(this.#workspaceId, this.#read, limit)
    if (deletedUpTo) {
      this.#options.logger.warn('events were deleted for their age before they could be sent')
      this.#read = deletedUpTo
      this.#window.pass(deletedUpTo)
    }
    const { types } = this.#lease.endpoint
    for (const event of events) {
      this.#read = eventCursor(event.id)
      const isWanted = !types || types.includes(event.type)
      if (!isWanted || this.#inherited.isOver(this.#read)) this.#window.pass(this.#read)
      else this.#window.add(deliveryOf(event, this.#read, this.#inherited.take(this.#read)))
    }
    this.#inherited.readTo(this.#read)
    return events.length === limit ? 'more' : 'all'
  }

  /** Takes up the dead letters that are to be sent again. */
  async #readRetries(): Promise<void> {
    const limit = this.#pageSize()
    if (limit === 0 || this.#lease.signal.aborted) return
    const known = [...this.#window.unfinished].flatMap(({ deadLetterId }) => deadLetterId ?? [])
    await this.#lease.ask(async (store, workspaceId, endpointId) => {
      const requested = await store.retries(workspaceId, endpointId, known, limit)
      for (const { id, cursor, event } of requested) {
        if (event) {
          this.#window.addAside(deliveryOf(event, cursor, this.#inherited.take(cursor, id), id))
        } else {
          const failure = { attempts: 0, error: 'gone', status: null } as const
          await store.keepDeadLetter(workspaceId, endpointId, cursor, failure)
        }
      }
      if (requested.length < limit) this.#inherited.readRetries()
    })
  }

  /** How many events may be read now. */
  #pageSize(): number {
    return Math.max(0, Math.min(MAX_IN_WINDOW - this.#window.size, EVENTS_A_PAGE))
  }

  /** The last event of the log that was read, where there is one. */
  #lastRead(): string | undefined {
    const { position, index } = this.#read
    if (index >= 0) return eventId(this.#read)
    return position > 1 ? eventId({ position: position - 1, index: 0 }) : undefined
  }
}
