import { setTimeout as delay } from 'node:timers/promises'
import { DeliveryStore, type Pool } from '@identity/core/postgres'
import type { Logger } from 'pino'
import { pause } from '../pause.ts'
import { Deliverer, type DelivererOptions, type DeliveryLoad } from './deliverer.ts'
import { Sender } from './sender.ts'
import { realTimers, type Timers } from './timers.ts'

/** Longer than an attempt takes and the lease is looked after; after a crash, another process waits so long. */
const LEASE_MS = 30_000
const STOP_TIMEOUT_MS = 4_000
const LOOK_INTERVAL_MS = 1_000

export interface WebhooksOptions extends Pick<DelivererOptions, 'logger' | 'version' | 'untilEvents' | 'observer'> {
  readonly pool: Pool
  /** Whether events may go to addresses that are none of the open internet, and without TLS. */
  readonly allowPrivate: boolean
  /** @default real ones */
  readonly timers?: Timers
  /** How often new endpoints, and changes of those there are, are looked for, milliseconds. @default 1,000 */
  readonly lookIntervalMs?: number
}

/**
 * Sends the events of all workspaces to their endpoints. Each endpoint is served by one process at a time, whoever finds
 * it free.
 */
export class Webhooks {
  readonly #options: DelivererOptions
  readonly #sender: Sender
  readonly #logger: Logger
  readonly #stopping = new AbortController()
  readonly #served = new Map<number, { readonly deliverer: Deliverer; readonly ended: Promise<void> }>()
  readonly #looking: Promise<void>

  constructor({
    pool,
    allowPrivate,
    timers = realTimers,
    lookIntervalMs = LOOK_INTERVAL_MS,
    ...rest
  }: WebhooksOptions) {
    this.#sender = new Sender({ allowPrivate })
    this.#logger = rest.logger
    const store = new DeliveryStore(pool, { leaseMs: LEASE_MS })
    this.#options = { ...rest, store, timers, lookIntervalMs, send: this.#sender.send }
    this.#looking = this.#look()
  }

  /** Of all endpoints that this process serves. */
  get load(): DeliveryLoad {
    const loads = [...this.#served.values()].map(({ deliverer }) => deliverer.load)
    const oldest = loads.flatMap(({ oldestAtMs }) => oldestAtMs ?? [])
    return {
      underWay: loads.reduce((sum, { underWay }) => sum + underWay, 0),
      deadLetters: loads.reduce((sum, { deadLetters }) => sum + deadLetters, 0),
      oldestAtMs: oldest.length > 0 ? Math.min(...oldest) : null,
    }
  }

  /** Begins no more attempts, lets those under way end for a moment, and leaves the endpoints to others. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    const ended = this.#looking.then(() => Promise.all([...this.#served.values()].map(({ ended }) => ended)))
    // Where the database does not answer, the leases end by themselves.
    await Promise.race([ended, delay(STOP_TIMEOUT_MS, undefined, { ref: false })])
    this.#sender.close()
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        for (const workspaceId of await this.#options.store.workspaces()) await this.#lookInto(workspaceId)
      } catch (error) {
        if (!signal.aborted) this.#logger.debug({ err: error }, 'webhooks wait for the database')
      }
      await pause(this.#options.lookIntervalMs, signal)
    }
  }

  async #lookInto(workspaceId: number): Promise<void> {
    const { store } = this.#options
    for (const id of await store.freeEndpoints(workspaceId)) {
      // One that is served here, and whose lease ended while the database was away, ends by itself.
      if (this.#stopping.signal.aborted || this.#served.has(id)) continue
      const askedAtMs = performance.now()
      const endpoint = await store.take(workspaceId, id)
      if (!endpoint) continue
      const deliverer = new Deliverer(this.#options, workspaceId, endpoint, askedAtMs)
      const ended = deliverer
        .run(this.#stopping.signal)
        .catch((error) => this.#logger.error({ err: error, endpointId: id }, 'deliveries to an endpoint ended'))
        .finally(() => this.#served.delete(id))
      this.#served.set(id, { deliverer, ended })
    }
  }
}
