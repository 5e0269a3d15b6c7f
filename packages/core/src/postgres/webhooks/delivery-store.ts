import { randomUUID } from 'node:crypto'
import type { RecordedEvent } from '../../event.ts'
import type { EventCursor } from '../../event-cursor.ts'
import type { Client } from '../client.ts'
import { type EventsFrom, readEvent, readEventsFrom } from '../events/read-events.ts'
import { inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
import {
  countDeadLetters,
  deleteDeadLetter,
  type Failure,
  keepDeadLetter,
  readRequestedRetries,
} from '../statements/webhook-dead-letters.ts'
import {
  disableGoneEndpoint,
  endLease,
  type LeasedEndpoint,
  readFreeEndpoints,
  readLease,
  readWebhookWorkspaces,
  renewLease,
  type TakenEndpoint,
  takeLease,
} from '../statements/webhook-leases.ts'
import type { DeliveryState } from './delivery-state.ts'

export interface DeliveryStoreOptions {
  /** How long an endpoint stays with a process that is not heard of any more, milliseconds. */
  readonly leaseMs: number
}

/** A dead letter that is to be sent again, and its event; null where that is no longer in the log. */
export interface RequestedRetry {
  readonly id: number
  readonly cursor: EventCursor
  readonly event: RecordedEvent | null
}

/**
 * What whoever delivers asks of the database: one question at a time, so that identify keeps its connections. Nothing is
 * tried again here: who delivers comes back anyway.
 */
export class DeliveryStore {
  readonly leaseMs: number
  readonly #pool: Pool
  /** Names this process among those that deliver. */
  readonly #holder = randomUUID()
  #last: Promise<unknown> = Promise.resolve()

  constructor(pool: Pool, { leaseMs }: DeliveryStoreOptions) {
    this.#pool = pool
    this.leaseMs = leaseMs
  }

  /** The workspaces in which there may be endpoints. */
  workspaces(): Promise<number[]> {
    return this.#inTurn(() => this.#pool.use(readWebhookWorkspaces))
  }

  /** The endpoints to which nobody delivers now. */
  freeEndpoints(workspaceId: number): Promise<number[]> {
    return this.#in(workspaceId, (db) => readFreeEndpoints(db, workspaceId))
  }

  /** Null where somebody was first. */
  take(workspaceId: number, id: number): Promise<TakenEndpoint | null> {
    return this.#in(workspaceId, (db) => takeLease(db, workspaceId, id, this.#holder, this.leaseMs))
  }

  /** Null where the endpoint is no longer this process's, or is disabled or deleted. */
  look(workspaceId: number, id: number): Promise<LeasedEndpoint | null> {
    return this.#in(workspaceId, (db) => readLease(db, workspaceId, id, this.#holder))
  }

  /** The same; and notes how far deliveries have come, and keeps the endpoint for longer. */
  renew(workspaceId: number, id: number, state: DeliveryState): Promise<LeasedEndpoint | null> {
    return this.#in(workspaceId, (db) => renewLease(db, workspaceId, id, this.#holder, this.leaseMs, state))
  }

  /** Notes how far deliveries have come, and leaves the endpoint to others. */
  end(workspaceId: number, id: number, state: DeliveryState): Promise<void> {
    return this.#in(workspaceId, (db) => endLease(db, workspaceId, id, this.#holder, state))
  }

  disable(workspaceId: number, id: number): Promise<void> {
    return this.#in(workspaceId, (db) => disableGoneEndpoint(db, workspaceId, id))
  }

  eventsFrom(workspaceId: number, cursor: EventCursor, limit: number): Promise<EventsFrom> {
    return this.#in(workspaceId, (db) => readEventsFrom(db, workspaceId, cursor, limit))
  }

  /** Dead letters of an endpoint that are to be sent again, but for those known. */
  retries(workspaceId: number, id: number, known: readonly number[], limit: number): Promise<RequestedRetry[]> {
    return this.#in(workspaceId, async (db) => {
      const requested = await readRequestedRetries(db, workspaceId, id, known, limit)
      return Promise.all(
        requested.map(async ({ id, position, index }) => {
          const cursor = { position, index }
          return { id, cursor, event: await readEvent(db, workspaceId, cursor) }
        }),
      )
    })
  }

  countDeadLetters(workspaceId: number, id: number): Promise<number> {
    return this.#in(workspaceId, (db) => countDeadLetters(db, workspaceId, id))
  }

  keepDeadLetter(workspaceId: number, id: number, cursor: EventCursor, failure: Failure): Promise<void> {
    return this.#in(workspaceId, (db) => keepDeadLetter(db, workspaceId, id, cursor, failure))
  }

  deleteDeadLetter(workspaceId: number, deadLetterId: number): Promise<void> {
    return this.#in(workspaceId, (db) => deleteDeadLetter(db, workspaceId, deadLetterId))
  }

  #in<T>(workspaceId: number, work: (db: Client) => Promise<T>): Promise<T> {
    return this.#inTurn(() => inWorkspace(this.#pool, workspaceId, work))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn
    return turn
  }
}
