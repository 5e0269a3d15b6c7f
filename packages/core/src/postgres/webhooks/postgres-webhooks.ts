import { IdentityError } from '../../errors.ts'
import {
  type DeadLetter,
  type DeadLetterQuery,
  noDeadLetter,
  noEndpoint,
  refuseTooManyEndpoints,
  type WebhookChange,
  type WebhookEndpoint,
  type WebhookStore,
} from '../../webhook-store.ts'
import type { Client } from '../client.ts'
import { placeAll } from '../events/events-about.ts'
import { readEvent } from '../events/read-events.ts'
import { inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
import { type RetryEvent, withRetry } from '../retry.ts'
import { lockEventHead, readEventHead } from '../statements/event-head.ts'
import { lockDeadLetter, readDeadLetters, requestRetries, requestRetry } from '../statements/webhook-dead-letters.ts'
import {
  deleteEndpoint,
  findBySecret,
  insertEndpoint,
  noteWebhooks,
  readEndpoints,
  replaceSecret,
  updateEndpoint,
} from '../statements/webhook-endpoints.ts'
import { begin, commit } from '../transaction.ts'

export interface PostgresWebhooksOptions {
  /** How long a call may take, retries included, milliseconds. @default 5,000 */
  readonly timeoutMs?: number | undefined
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
}

/** Endpoints and dead letters in PostgreSQL. Whoever delivers asks `DeliveryStore`. */
export class PostgresWebhooks implements WebhookStore {
  readonly #pool: Pool
  readonly #options: PostgresWebhooksOptions

  constructor(pool: Pool, options: PostgresWebhooksOptions = {}) {
    this.#pool = pool
    this.#options = options
  }

  createEndpoint(
    workspaceId: number,
    endpoint: { url: string; secret: string; types: WebhookEndpoint['types'] },
  ): Promise<WebhookEndpoint> {
    return this.#run(workspaceId, async (db) => {
      await noteWebhooks(db, workspaceId)
      // What is committed by now is behind the endpoint; the lock keeps two from being the last one that may be made.
      await placeAll(db, workspaceId)
      await begin(db)
      await lockEventHead(db, workspaceId)
      // Where the connection was lost at COMMIT, this is the second time.
      const made =
        (await findBySecret(db, workspaceId, endpoint.secret)) ?? (await insertNext(db, workspaceId, endpoint))
      await commit(db)
      return made
    })
  }

  endpoints(workspaceId: number): Promise<WebhookEndpoint[]> {
    return this.#run(workspaceId, (db) => readEndpoints(db, workspaceId))
  }

  updateEndpoint(workspaceId: number, id: number, change: WebhookChange): Promise<WebhookEndpoint> {
    return this.#run(workspaceId, async (db) => found(await updateEndpoint(db, workspaceId, id, change), id))
  }

  deleteEndpoint(workspaceId: number, id: number): Promise<boolean> {
    return this.#run(workspaceId, (db) => deleteEndpoint(db, workspaceId, id))
  }

  rotateSecret(workspaceId: number, id: number, secret: string, formerUntil: Date): Promise<WebhookEndpoint> {
    return this.#run(workspaceId, async (db) =>
      found(await replaceSecret(db, workspaceId, id, secret, formerUntil), id),
    )
  }

  deadLetters(workspaceId: number, query: DeadLetterQuery): Promise<DeadLetter[]> {
    return this.#run(workspaceId, (db) => readDeadLetters(db, workspaceId, query))
  }

  retryDeadLetter(workspaceId: number, id: number): Promise<DeadLetter> {
    return this.#run(workspaceId, async (db) => {
      await begin(db)
      const letter = await lockDeadLetter(db, workspaceId, id)
      if (!letter) throw noDeadLetter(id)
      if (!(await readEvent(db, workspaceId, letter.cursor))) throw eventGone(letter)
      const requested = await requestRetry(db, workspaceId, id)
      await commit(db)
      return requested
    })
  }

  retryDeadLetters(workspaceId: number, endpointId: number): Promise<number> {
    return this.#run(workspaceId, async (db) => {
      const endpoints = await readEndpoints(db, workspaceId)
      if (!endpoints.some(({ id }) => id === endpointId)) throw noEndpoint(endpointId)
      return requestRetries(db, workspaceId, endpointId)
    })
  }

  #run<T>(workspaceId: number, work: (db: Client) => Promise<T>): Promise<T> {
    const { timeoutMs = 5_000, onRetry } = this.#options
    return withRetry(() => inWorkspace(this.#pool, workspaceId, work), { deadlineMs: Date.now() + timeoutMs, onRetry })
  }
}

async function insertNext(db: Client, workspaceId: number, endpoint: Parameters<typeof insertEndpoint>[2]) {
  refuseTooManyEndpoints((await readEndpoints(db, workspaceId)).length)
  const { lastPosition } = await readEventHead(db, workspaceId)
  return insertEndpoint(db, workspaceId, endpoint, lastPosition)
}

function found(endpoint: WebhookEndpoint | null, id: number): WebhookEndpoint {
  if (!endpoint) throw noEndpoint(id)
  return endpoint
}

function eventGone({ id, eventId }: DeadLetter): IdentityError {
  return new IdentityError(
    'gone',
    `The event ${eventId} of the dead letter ${id} was deleted, as it is older than the service keeps events. It cannot be sent again.`,
  )
}
