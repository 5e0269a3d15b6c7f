import type { Pool, PostgresStore } from '@identity/core/postgres'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { Family } from './family.ts'
import { ProcessMetrics } from './process-metrics.ts'
import { RequestMetrics } from './request-metrics.ts'
import { StoreMetrics } from './store-metrics.ts'
import { WebhookMetrics } from './webhook-metrics.ts'

/** Gives the families of this process, or of all. */
export type Collect = () => readonly Family[] | Promise<readonly Family[]>

/** All that a process that serves counts. */
export class Metrics {
  readonly requests = new RequestMetrics()
  readonly store = new StoreMetrics()
  readonly webhooks = new WebhookMetrics()
  readonly process = new ProcessMetrics()

  families(store: PostgresStore, pool: Pool, webhooks: Webhooks): Family[] {
    return [
      ...this.requests.families,
      ...this.store.families(store, pool),
      ...this.webhooks.families(webhooks.load),
      ...this.process.families(),
    ]
  }
}
