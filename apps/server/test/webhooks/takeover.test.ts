import { expect, it } from 'vitest'
import { MAX_ATTEMPTS } from '../../src/webhooks/retry-delay.ts'
import { eventIds, instantTimers, nth, POLL, useDeliveries } from './deliveries.ts'

const on = useDeliveries()

/** What the endpoint's row says of those that were sent in vain: event and attempts. */
const noted = async () => {
  const [row] = await on.database.db`select delivery_state from webhook_endpoint`
  const failed: number[][] = row!.delivery_state?.failed ?? []
  return failed.map(([position, index, , attempts]) => [`${position}-${index}`, attempts])
}

it('a process that dies between two attempts: the next one goes on counting, and waits out the rest', async () => {
  const receiver = await on.receive(({ event }) => (event.id === '1-0' ? 500 : undefined))
  await on.addEndpoint(receiver)
  const dying = instantTimers((n) => n < 12)
  on.deliver({ timers: dying })
  await on.store.identify(1, [nth(1), nth(2)])
  await expect.poll(noted, POLL).toEqual([['1-0', 12]])
  const notedAtMs = performance.now()
  await on.kill()
  const next = instantTimers()
  on.deliver({ timers: next })
  await expect.poll(on.deadLetters, POLL).toMatchObject([{ eventId: '1-0', attempts: MAX_ATTEMPTS, status: 500 }])
  expect(eventIds(receiver.seen).filter((id) => id === '1-0')).toHaveLength(MAX_ATTEMPTS)
  const [leftMs, afterMs] = next.waitsMs
  expect(leftMs).toBeLessThanOrEqual(dying.waitsMs.at(-1)!)
  expect(leftMs).toBeGreaterThan(dying.waitsMs.at(-1)! - 60_000 - (performance.now() - notedAtMs))
  // From the thirteenth on, an hour is the whole wait.
  expect(afterMs).toBeGreaterThanOrEqual(1_800_000)
})

it('deliveries that end for a fault are taken up again', async () => {
  const receiver = await on.receive()
  await on.addEndpoint(receiver)
  let faults = 0
  on.deliver({
    untilEvents: async (...args) => {
      if (faults++ === 0) throw new Error('a fault')
      await on.store.untilEvents(...args)
    },
  })
  await expect.poll(() => faults, POLL).toBeGreaterThan(0)
  await on.store.identify(1, [nth(1)])
  await receiver.until(() => receiver.acknowledged.length === 1)
})

it('a server that is stopped leaves behind what is over beyond one that waits: it does not come again', async () => {
  let isWell = false
  const receiver = await on.receive(({ event }) => (!isWell && event.id === '1-0' ? 500 : undefined))
  await on.addEndpoint(receiver)
  const first = on.deliver({ timers: instantTimers(() => false) })
  await on.store.identify(1, [nth(1), nth(2), nth(3)])
  await receiver.until(() => receiver.seen.length === 3)
  await first.stop()
  expect(await noted()).toEqual([['1-0', 1]])
  isWell = true
  on.deliver()
  await receiver.until(() => receiver.acknowledged.length === 3)
  await on.store.identify(1, [nth(4)])
  await receiver.until(() => receiver.acknowledged.length === 4)
  expect(eventIds(receiver.seen).toSorted()).toEqual(['1-0', '1-0', '1-1', '1-2', '2-0'])
  await expect
    .poll(async () => (await on.database.db`select delivery_state from webhook_endpoint`)[0], POLL)
    .toEqual({ delivery_state: null })
})

it('a dead letter that is sent again, an outage and a rest that was asked for: the next process knows of each', async () => {
  let answer: number | { status: number; headers: Record<string, string> } = 500
  const receiver = await on.receive(() => answer as number)
  const { id } = await on.addEndpoint(receiver)
  const first = on.deliver()
  await on.store.identify(1, [nth(1)])
  await expect.poll(on.deadLetters, POLL).toHaveLength(1)
  await first.stop()
  await on.store.webhooks.retryDeadLetters(1, id)
  const second = on.deliver({ timers: instantTimers((n) => n < 12) })
  await expect.poll(noted, POLL).toEqual([['1-0', 12]])
  await second.stop()
  await on.store.identify(1, [nth(2)])
  answer = { status: 429, headers: { 'retry-after': '1800' } }
  const third = on.deliver({ timers: instantTimers(() => false) })
  await expect
    .poll(async () => (await noted()).toSorted(), POLL)
    .toEqual([
      ['1-0', 12],
      ['2-0', 1],
    ])
  const seen = receiver.seen.length
  await third.stop()
  answer = 204
  const timers = instantTimers((n) => n > 1)
  const resting = on.deliver({ timers })
  await expect.poll(() => timers.waitsMs, POLL).toEqual([expect.closeTo(1_800_000, -5)])
  await on.store.identify(1, [nth(3)])
  await resting.stop()
  expect(receiver.seen).toHaveLength(seen)
  const last = instantTimers((n) => n === 1)
  on.deliver({ timers: last })
  // The rest alone was waited out: the first acknowledgement ends the outage for those that wait.
  await expect.poll(on.deadLetters, POLL).toEqual([])
  await receiver.until(() => new Set(eventIds(receiver.acknowledged)).size === 3)
})

it('an endpoint that is enabled again is sent at once what waited, as often as new events', async () => {
  const receiver = await on.receive(() => 500)
  const { id } = await on.addEndpoint(receiver)
  on.deliver({ timers: instantTimers((n) => n < 5) })
  await on.store.identify(1, [nth(1)])
  await expect.poll(noted, POLL).toEqual([['1-0', 5]])
  await on.store.webhooks.updateEndpoint(1, id, { enabled: false })
  await expect
    .poll(async () => (await on.database.db`select lease_holder from webhook_endpoint`)[0], POLL)
    .toEqual({ lease_holder: null })
  await on.store.webhooks.updateEndpoint(1, id, { url: `${receiver.url}/hook` })
  expect(await noted()).toEqual([['1-0', 5]])
  await on.store.webhooks.updateEndpoint(1, id, { enabled: true })
  await expect.poll(noted, POLL).toEqual([['1-0', 1]])
})
