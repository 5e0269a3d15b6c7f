import { drawWebhookSecret } from '@identity/core'
import { PostgresStore } from '@identity/core/postgres'
import { createTestDatabase, type TestDatabase } from '@identity/testkit'
import { pino } from 'pino'
import { afterEach, beforeEach, onTestFailed } from 'vitest'
import { WebhookMetrics } from '../../src/metrics/webhook-metrics.ts'
import type { Timers } from '../../src/webhooks/timers.ts'
import { Webhooks, type WebhooksOptions } from '../../src/webhooks/webhooks.ts'
import { type Answering, type Received, type Receiver, startReceiver } from './receiver.ts'

/** No time that decides anything. */
export const POLL = { timeout: 30_000 }

export const nth = (n: number, phoneNumber: string | null = null) => ({ email: `e${n}@example.com`, phoneNumber })
export const eventIds = (received: readonly Received[]) => received.map(({ event }) => event.id)

/**
 * Waits that are over at once, and how long they would have been.
 * @param wait which waits end, by their number from 1; others do not. @default all
 */
export function instantTimers(wait: (n: number) => boolean = () => true): Timers & { readonly waitsMs: number[] } {
  const waitsMs: number[] = []
  return {
    waitsMs,
    after(ms, callback) {
      if (!wait(waitsMs.push(ms))) return () => {}
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    },
  }
}

/** For each test of a file: a database, a store, and what delivers from it and receives. */
export function useDeliveries() {
  let cleanup: AsyncDisposableStack
  let database: TestDatabase
  let store: PostgresStore
  beforeEach(async () => {
    cleanup = new AsyncDisposableStack()
    database = cleanup.use(await createTestDatabase())
    store = new PostgresStore(database.pool)
  })
  afterEach(() => cleanup.disposeAsync())
  return {
    get database() {
      return database
    },
    get store() {
      return store
    },
    log: () => store.events(1, { limit: 1_000 }),
    deadLetters: () => store.webhooks.deadLetters(1, { limit: 10 }),

    /** One server's part that delivers. */
    deliver(options: Partial<WebhooksOptions> = {}): Webhooks {
      const webhooks = new Webhooks({
        pool: database.pool,
        allowPrivate: true,
        timers: instantTimers(),
        lookIntervalMs: 20,
        logger: pino({ level: 'silent' }),
        version: '1.2.3',
        observer: new WebhookMetrics(),
        untilEvents: (workspaceId, after, signal) => store.untilEvents(workspaceId, after, signal),
        ...options,
      })
      cleanup.defer(() => webhooks.stop())
      return webhooks
    },

    async receive(answering?: Answering): Promise<Receiver> {
      const receiver = await startReceiver(cleanup, answering)
      onTestFailed(() => console.error(receiver.forged))
      return receiver
    },

    async addEndpoint(
      receiver: Receiver,
      path = '/hook',
      types: Parameters<PostgresStore['webhooks']['createEndpoint']>[1]['types'] = null,
    ) {
      const secret = drawWebhookSecret()
      receiver.secrets.set(path, secret)
      return store.webhooks.createEndpoint(1, { url: receiver.url + path, secret, types })
    },

    /** Takes the endpoints from whoever has them, as from a server that died some time ago. */
    async kill(): Promise<void> {
      await database.db`update webhook_endpoint set lease_until = now(), lease_holder = 'killed'`
    },
  }
}
