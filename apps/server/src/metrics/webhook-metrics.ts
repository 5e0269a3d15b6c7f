import type { DeliveryObserver } from '../webhooks/attempts.ts'
import type { DeliveryLoad } from '../webhooks/deliverer.ts'
import { counter, type Family, gauge, type Sample, written } from './family.ts'
import { Histogram, histogram } from './histogram.ts'

/** From a receiver nearby to the longest that an attempt may take. */
const DURATION_BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Webhooks of all workspaces together: no label says whose. */
export class WebhookMetrics implements DeliveryObserver {
  /** There from the start: of a series that begins with its first failure, Prometheus sees no increase. */
  readonly #results = { delivered: 0, failed: 0, given_up: 0 }
  readonly #durations = new Histogram(DURATION_BOUNDS_S)

  onAttempt(acknowledged: boolean, durationMs: number): void {
    this.#results[acknowledged ? 'delivered' : 'failed']++
    this.#durations.observe(durationMs / 1000)
  }

  onGiveUp(): void {
    this.#results.given_up++
  }

  families(load: DeliveryLoad): Family[] {
    return [
      counter(
        'identity_webhook_deliveries_total',
        'Attempts to post an event to a webhook: delivered, where it was acknowledged, or failed; given_up are the events that became dead letters.',
        Object.entries(this.#results).map(([result, count]): Sample => [written({ result }), count]),
      ),
      histogram(
        'identity_webhook_delivery_duration_seconds',
        'Time that an attempt took, whatever its result.',
        this.#durations.samples({}),
      ),
      gauge('identity_webhook_attempts_under_way', 'Attempts that have no answer yet.', [['', load.underWay]]),
      gauge(
        'identity_webhook_dead_letters',
        'Events that could not be delivered to endpoints that are enabled, those that are being sent again among them; up to ten seconds old.',
        [['', load.deadLetters]],
      ),
      gauge(
        'identity_webhook_lag_seconds',
        'Age of the oldest event that an endpoint wants and has not got, dead letters left out; of all endpoints, the one that is furthest behind.',
        [['', ageS(load.oldestAtMs)]],
        'max',
      ),
    ]
  }
}

/** The database's clock, which the time is by, may be ahead. */
function ageS(atMs: number | null): number {
  return atMs === null ? 0 : Math.max(0, Date.now() - atMs) / 1000
}
