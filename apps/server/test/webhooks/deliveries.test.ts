import { drawWebhookSecret, orderingKeys } from '@identity/core'
import { deleteOldEvents } from '@identity/core/postgres'
import { expect, it } from 'vitest'
import { MAX_ATTEMPTS } from '../../src/webhooks/retry-delay.ts'
import { eventIds, instantTimers, nth, POLL, useDeliveries } from './deliveries.ts'
import type { Received, Receiver } from './receiver.ts'

const on = useDeliveries()

/** The first acknowledgement of each event, in the order in which they came. */
function firstAcknowledged({ acknowledged }: Receiver): Received[] {
  return acknowledged.filter(({ id }, n) => acknowledged.findIndex((other) => other.id === id) === n)
}

/** No event was acknowledged after a later one that has to do with the same contact. */
function expectOrder(receiver: Receiver): void {
  const order = firstAcknowledged(receiver)
  const place = ({ event }: Received) => event.id.split('-').map(Number) as [number, number]
  for (const [n, later] of order.entries()) {
    for (const earlier of order.slice(0, n)) {
      const keys = new Set(orderingKeys(earlier.event))
      if (!orderingKeys(later.event).some((key) => keys.has(key))) continue
      const [[a, b], [c, d]] = [place(earlier), place(later)]
      expect(a < c || (a === c && b < d), `${earlier.event.id} before ${later.event.id}`).toBe(true)
    }
  }
}

it('brings what happens after an endpoint is made, signed, of the types it wants', async () => {
  await on.store.identify(1, [nth(0)])
  const receiver = await on.receive()
  const endpoint = await on.addEndpoint(receiver)
  await on.addEndpoint(receiver, '/merges', ['persons.merged'])
  on.deliver()
  await on.store.identify(1, [nth(1, '1'), nth(2, '2'), { email: 'e1@example.com', phoneNumber: '2' }])
  await on.store.identify(2, [nth(3)])
  await receiver.until(() => receiver.seen.length === 4)
  const [, ...events] = await on.log()
  const at = (path: string) => receiver.seen.filter((received) => received.path === path)
  expect(at('/hook').map(({ event }) => event)).toEqual(expect.arrayContaining(events))
  expect(at('/hook').map(({ id }) => id)).toEqual(
    expect.arrayContaining(events.map(({ id }) => `msg_${endpoint.id}_${id}`)),
  )
  expect(eventIds(at('/merges'))).toEqual([events[2]!.id])
  expect(receiver.forged).toEqual([])
})

it('in order for each person, merges among them, while deliveries fail at random; and nobody waits for another', async () => {
  let calls = 0
  const receiver: Receiver = await on.receive(({ event }) => {
    // The first customer's event gets no answer before those of all others have one.
    if (event.id === '1-0') return receiver.until(() => receiver.acknowledged.length === 40).then(() => 204)
    return ++calls % 3 === 0 ? 503 : undefined
  })
  await on.addEndpoint(receiver)
  on.deliver()
  await on.store.identify(1, [nth(1, '1')])
  for (let n = 2; n < 22; n += 2) {
    await on.store.identify(1, [nth(n, `${n}`), nth(n + 1, `${n + 1}`)])
    await on.store.identify(1, [nth(n, `${n + 1}`), nth(n, `9${n}`)])
  }
  await on.store.identify(1, [nth(1, '2')])
  const events = await on.log()
  await receiver.until(() => firstAcknowledged(receiver).length === events.length)
  expectOrder(receiver)
  expect(eventIds(firstAcknowledged(receiver)).toSorted()).toEqual(events.map(({ id }) => id).toSorted())
  expect(receiver.acknowledged.length).toBe(events.length)
})

it('a process that dies between a delivery and its note: the event comes again with the same id, and nothing is lost', async () => {
  const receiver = await on.receive()
  await on.addEndpoint(receiver)
  // It never looks at the row again, so it notes nothing; and it ends as a process does that is killed.
  const dying = on.deliver({ lookIntervalMs: 1_000_000 })
  await on.store.identify(1, [nth(1), nth(2)])
  await receiver.until(() => receiver.acknowledged.length === 2)
  await on.kill()
  await dying.stop()
  await on.store.identify(1, [nth(3)])
  on.deliver()
  await receiver.until(() => receiver.acknowledged.length === 5)
  const ids = receiver.acknowledged.map(({ id }) => id)
  expect(ids.slice(2, 4).toSorted()).toEqual(ids.slice(0, 2).toSorted())
  expect(eventIds(firstAcknowledged(receiver)).toSorted()).toEqual((await on.log()).map(({ id }) => id))
})

it('two servers share the endpoints, and each event comes once; when one stops, the other goes on where it was', async () => {
  const receiver = await on.receive()
  await on.addEndpoint(receiver)
  const [first, second] = [on.deliver(), on.deliver()]
  for (let n = 1; n <= 20; n++) await on.store.identify(1, [nth(n)])
  await receiver.until(() => receiver.acknowledged.length >= 20)
  const [row] = await on.database.db`select lease_holder from webhook_endpoint`
  expect(row!.lease_holder).not.toBeNull()
  await first.stop()
  await on.store.identify(1, [nth(21)])
  await receiver.until(() => receiver.acknowledged.length >= 21)
  await second.stop()
  on.deliver()
  await on.store.identify(1, [nth(22)])
  await receiver.until(() => receiver.acknowledged.length >= 22)
  expect(eventIds(receiver.acknowledged).toSorted()).toEqual((await on.log()).map(({ id }) => id).toSorted())
})

it('what is never acknowledged becomes a dead letter, lets what follows pass, and is sent again when asked for', async () => {
  let isWell = false
  const receiver = await on.receive(({ event }) => (!isWell && event.type === 'person.created' ? 500 : undefined))
  const endpoint = await on.addEndpoint(receiver)
  const timers = instantTimers()
  on.deliver({ timers })
  await on.store.identify(1, [nth(1), nth(1, '1')])
  await receiver.until(() => receiver.acknowledged.length === 1)
  const [created, added] = await on.log()
  expect(eventIds(receiver.acknowledged)).toEqual([added!.id])
  expect(receiver.seen).toHaveLength(MAX_ATTEMPTS + 1)
  expect(timers.waitsMs.every((ms, n) => ms >= Math.min(3_600_000, 1_000 * 2 ** n) / 2)).toBe(true)
  const [letter] = await on.deadLetters()
  expect(letter).toMatchObject({
    endpointId: endpoint.id,
    eventId: created!.id,
    attempts: MAX_ATTEMPTS,
    error: 'status',
    status: 500,
  })
  isWell = true
  expect(await on.store.webhooks.retryDeadLetter(1, letter!.id)).toMatchObject({ retryRequestedAt: expect.any(Date) })
  await receiver.until(() => receiver.acknowledged.length === 2)
  expect(receiver.acknowledged[1]!.id).toBe(receiver.seen[0]!.id)
  await expect.poll(on.deadLetters, POLL).toEqual([])
  await expect(on.store.webhooks.retryDeadLetter(1, letter!.id)).rejects.toMatchObject({ code: 'not_found' })
})

it('an event that holds a thousand others back becomes a dead letter before its time', async () => {
  const receiver = await on.receive(({ event }) => (event.id === '1-0' ? 500 : undefined))
  await on.addEndpoint(receiver)
  // As if hours lay between the fifth attempt and the sixth.
  on.deliver({ timers: instantTimers((n) => n < 5) })
  await on.store.identify(
    1,
    Array.from({ length: 1_010 }, (_, n) => nth(n)),
  )
  await receiver.until(() => receiver.acknowledged.length === 1_009)
  expect(await on.deadLetters()).toMatchObject([{ eventId: '1-0', attempts: 5 }])
})

it('a dead letter whose event is no longer in the log cannot be sent again, and says so', async () => {
  const receiver = await on.receive(() => 500)
  await on.addEndpoint(receiver)
  on.deliver()
  await on.store.identify(1, [nth(1)])
  await expect.poll(on.deadLetters, POLL).toHaveLength(1)
  const [letter] = await on.deadLetters()
  await deleteOldEvents(on.database.pool, 1, new Date(Date.now() + 60_000))
  await expect(on.store.webhooks.retryDeadLetter(1, letter!.id)).rejects.toMatchObject({ code: 'gone' })
  expect(await on.store.webhooks.retryDeadLetters(1, letter!.endpointId)).toBe(1)
  await expect.poll(() => on.deadLetters(), POLL).toMatchObject([{ error: 'gone', attempts: MAX_ATTEMPTS }])
})

it('an endpoint says what it wants: a rest with Retry-After, no more with 410', async () => {
  const answers = [{ status: 429, headers: { 'retry-after': '120' } }, 204, 410]
  const receiver = await on.receive(() => answers.shift() as number)
  const { id } = await on.addEndpoint(receiver)
  const timers = instantTimers()
  on.deliver({ timers })
  await on.store.identify(1, [nth(1)])
  await receiver.until(() => receiver.acknowledged.length === 1)
  expect(timers.waitsMs).toContain(120_000)
  await on.store.identify(1, [nth(2)])
  await expect
    .poll(() => on.store.webhooks.endpoints(1), POLL)
    .toMatchObject([{ id, disabledAt: expect.any(Date), disabledReason: 'gone' }])
  expect(receiver.seen).toHaveLength(3)
  await on.store.webhooks.updateEndpoint(1, id, { enabled: true })
  answers.push(204)
  await receiver.until(() => receiver.acknowledged.length === 2)
})

it('follows no redirect; and sends nothing to an address of this machine unless it may', async () => {
  const receiver = await on.receive(() => 302)
  await on.addEndpoint(receiver)
  const allowing = on.deliver()
  await on.store.identify(1, [nth(1)])
  const errors = async () => (await on.deadLetters()).map(({ error, status }) => [error, status])
  await expect.poll(errors, POLL).toEqual([['status', 302]])
  await allowing.stop()
  const came = receiver.seen.length
  on.deliver({ allowPrivate: false })
  const local = {
    url: receiver.url.replace('127.0.0.1', 'localhost').replace('http:', 'https:'),
    secret: drawWebhookSecret(),
  }
  await on.store.webhooks.createEndpoint(1, { ...local, types: null })
  await on.store.identify(1, [nth(2)])
  await expect.poll(errors, POLL).toEqual([
    ['status', 302],
    ['address', null],
    ['address', null],
  ])
  expect(receiver.seen).toHaveLength(came)
})
