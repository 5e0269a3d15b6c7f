import { expect, it } from 'vitest'
import { exposition } from '../../src/metrics/exposition.ts'
import { merged } from '../../src/metrics/merge.ts'
import { WebhookMetrics } from '../../src/metrics/webhook-metrics.ts'
import { MAX_ATTEMPTS } from '../../src/webhooks/retry-delay.ts'
import { parseExposition } from '../scrape.ts'
import { nth, POLL, useDeliveries } from './deliveries.ts'

const on = useDeliveries()

const figures = ({ value }: ReturnType<typeof parseExposition>) => ({
  delivered: value('identity_webhook_deliveries_total{result="delivered"}'),
  failed: value('identity_webhook_deliveries_total{result="failed"}'),
  givenUp: value('identity_webhook_deliveries_total{result="given_up"}'),
  attempts: value('identity_webhook_delivery_duration_seconds_count'),
  underWay: value('identity_webhook_attempts_under_way'),
  deadLetters: value('identity_webhook_dead_letters'),
  lagS: value('identity_webhook_lag_seconds'),
})

it('counts attempts by result, those under way, dead letters, and how old the oldest event is; nothing of whose', async () => {
  const answer = Promise.withResolvers<number>()
  const receiver = await on.receive(({ event }) => (event.id === '1-0' ? 500 : answer.promise))
  const { id } = await on.addEndpoint(receiver)
  await on.store.identify(1, [nth(1), nth(2)])
  await on.database.db`update change set at = now() - interval '1 hour'`
  const observer = new WebhookMetrics()
  const webhooks = on.deliver({ observer })
  const scraped = () => parseExposition(exposition(observer.families(webhooks.load)))
  const counts = { failed: MAX_ATTEMPTS, givenUp: 1, deadLetters: 1 }
  await expect
    .poll(() => figures(scraped()), POLL)
    .toEqual({
      ...counts,
      delivered: 0,
      attempts: MAX_ATTEMPTS,
      underWay: 1,
      lagS: expect.closeTo(3_600, -2),
    })
  answer.resolve(204)
  const done = { ...counts, delivered: 1, attempts: MAX_ATTEMPTS + 1, underWay: 0, lagS: 0 }
  await expect.poll(() => figures(scraped()), POLL).toEqual(done)
  expect(scraped().text).not.toMatch(/127\.0\.0\.1|hook"|workspace=/)
  await on.store.webhooks.deleteEndpoint(1, id)
  await expect.poll(() => figures(scraped()), POLL).toEqual({ ...done, deadLetters: 0 })
})

it('of several processes, gives the sums, and the lag of the one that is furthest behind', () => {
  const nowMs = Date.now()
  const processes = [3_600, 60].map((ageS) => {
    const observer = new WebhookMetrics()
    observer.onAttempt(false, 10)
    observer.onGiveUp()
    observer.onAttempt(true, 10)
    return observer.families({ underWay: 2, deadLetters: 3, oldestAtMs: nowMs - ageS * 1_000 })
  })
  expect(figures(parseExposition(exposition(merged(processes))))).toEqual({
    delivered: 2,
    failed: 2,
    givenUp: 2,
    attempts: 4,
    underWay: 4,
    deadLetters: 6,
    lagS: expect.closeTo(3_600, -1),
  })
})
