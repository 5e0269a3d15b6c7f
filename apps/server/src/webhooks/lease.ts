import type { DeliveryState, DeliveryStore, LeasedEndpoint, TakenEndpoint } from '@identity/core/postgres'
import type { Logger } from 'pino'
import { pause } from '../pause.ts'

export interface LeaseOptions {
  readonly store: DeliveryStore
  readonly logger: Logger
  /** How often the endpoint's row is looked at, milliseconds. */
  readonly lookIntervalMs: number
}

/** One endpoint for as long as it is this process's, and how far deliveries to it have come by its row. */
export class Lease {
  readonly #options: LeaseOptions
  readonly #workspaceId: number
  readonly #ending = new AbortController()
  #endpoint: LeasedEndpoint
  /** By this process's clock; counted from before the database was asked. */
  #endsAtMs: number
  /** The state that the row has, as text. */
  #savedAs: string

  /** @param takenAtMs when the endpoint was asked for, by `performance.now()` */
  constructor(options: LeaseOptions, workspaceId: number, endpoint: TakenEndpoint, takenAtMs: number) {
    this.#options = options
    this.#workspaceId = workspaceId
    this.#endpoint = endpoint
    this.#endsAtMs = takenAtMs + options.store.leaseMs
    this.#savedAs = JSON.stringify(endpoint.state)
  }

  /** The endpoint as it was when its row was looked at last. */
  get endpoint(): LeasedEndpoint {
    return this.#endpoint
  }

  /** Aborted once nothing more is to be begun. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Whether what begins now and takes so long is over before another process may have the endpoint. */
  covers(durationMs: number): boolean {
    return !this.signal.aborted && performance.now() + durationMs < this.#endsAtMs
  }

  /**
   * Looks at the row again and again: keeps the lease, saves the state, sees what has changed. Ends where the endpoint is
   * disabled, deleted or another's.
   * @param looked what else is to be done each time, also where the database is away
   */
  async keep(state: () => DeliveryState, looked: () => Promise<void>): Promise<void> {
    while (!this.signal.aborted) {
      await this.ask(() => this.#look(state()))
      await looked()
      await pause(this.#options.lookIntervalMs, this.signal)
    }
  }

  /** Begins nothing more. The endpoint is this process's until it is given back. */
  end(): void {
    this.#ending.abort()
  }

  /** Leaves the endpoint to whoever comes next. */
  async giveBack(state: DeliveryState): Promise<void> {
    await this.ask((store, workspaceId, id) => store.end(workspaceId, id, state))
  }

  /**
   * Asks the database something about the endpoint. Undefined where it is away: what was wanted of it is wanted again at
   * the next look.
   */
  async ask<T>(
    question: (store: DeliveryStore, workspaceId: number, endpointId: number) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await question(this.#options.store, this.#workspaceId, this.#endpoint.id)
    } catch (error) {
      if (!this.signal.aborted) this.#options.logger.debug({ err: error }, 'webhooks wait for the database')
      return undefined
    }
  }

  async #look(state: DeliveryState): Promise<void> {
    const { store } = this.#options
    const toSave = JSON.stringify(state)
    const nowMs = performance.now()
    const isDue = toSave !== this.#savedAs || this.#endsAtMs - nowMs < (store.leaseMs * 2) / 3
    const endpoint = isDue
      ? await store.renew(this.#workspaceId, this.#endpoint.id, state)
      : await store.look(this.#workspaceId, this.#endpoint.id)
    if (!endpoint) return this.end()
    if (isDue) {
      this.#savedAs = toSave
      this.#endsAtMs = nowMs + store.leaseMs
    }
    this.#endpoint = endpoint
  }
}
