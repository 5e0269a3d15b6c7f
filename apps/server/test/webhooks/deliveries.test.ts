import { drawWebhookSecret, orderingKeys } from '@identity/core'
import { deleteOldEvents, PostgresStore } from '@identity/core/postgres'
import { createTestDatabase, type TestDatabase } from '@identity/testkit'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, onTestFailed } from 'vitest'
import { MAX_ATTEMPTS } from '../../src/webhooks/retry-delay.ts'
import type { Timers } from '../../src/webhooks/timers.ts'
import { Webhooks, type WebhooksOptions } from '../../src/webhooks/webhooks.ts'
import { type Answering, type Received, type Receiver, startReceiver } from './receiver.ts'

/** No time that decides anything. */
const POLL = { timeout: 30_000 }

let cleanup: AsyncDisposableStack
let database: TestDatabase
let store: PostgresStore

beforeEach(async () => {
  cleanup = new AsyncDisposableStack()
  database = cleanup.use(await createTestDatabase())
  store = new PostgresStore(database.pool)
})
afterEach(() => cleanup.disposeAsync())

/** Waits that are over at once, and how long they would have been. */
function instantTimers(): Timers & { readonly waitsMs: number[] } {
  const waitsMs: number[] = []
  return {
    waitsMs,
    after(ms, callback) {
      waitsMs.push(ms)
      const immediate = setImmediate(callback)
      return () => clearImmediate(immediate)
    },
  }
}

/** One server's part that delivers. */
function deliver(options: Partial<WebhooksOptions> = {}): Webhooks {
  const webhooks = new Webhooks({
    pool: database.pool,
    allowPrivate: true,
    timers: instantTimers(),
    lookIntervalMs: 20,
    logger: pino({ level: 'silent' }),
    version: '1.2.3',
    untilEvents: (workspaceId, after, signal) => store.untilEvents(workspaceId, after, signal),
    ...options,
  })
  cleanup.defer(() => webhooks.stop())
  return webhooks
}

async function receive(answering?: Answering): Promise<Receiver> {
  const receiver = await startReceiver(cleanup, answering)
  onTestFailed(() => console.error(receiver.forged))
  return receiver
}

async function addEndpoint(
  receiver: Receiver,
  path = '/hook',
  types: Parameters<PostgresStore['webhooks']['createEndpoint']>[1]['types'] = null,
) {
  const secret = drawWebhookSecret()
  receiver.secrets.set(path, secret)
  return store.webhooks.createEndpoint(1, { url: receiver.url + path, secret, types })
}

const nth = (n: number, phoneNumber: string | null = null) => ({ email: `e${n}@example.com`, phoneNumber })
const log = () => store.events(1, { limit: 1_000 })
const eventIds = (received: readonly Received[]) => received.map(({ event }) => event.id)

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
  await store.identify(1, [nth(0)])
  const receiver = await receive()
  const endpoint = await addEndpoint(receiver)
  await addEndpoint(receiver, '/merges', ['persons.merged'])
  deliver()
  await store.identify(1, [nth(1, '1'), nth(2, '2'), { email: 'e1@example.com', phoneNumber: '2' }])
  await store.identify(2, [nth(3)])
  await receiver.until(() => receiver.seen.length === 4)
  const [, ...events] = await log()
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
  const receiver: Receiver = await receive(({ event }) => {
    // The first customer's event gets no answer before those of all others have one.
    if (event.id === '1-0') return receiver.until(() => receiver.acknowledged.length === 40).then(() => 204)
    return ++calls % 3 === 0 ? 503 : undefined
  })
  await addEndpoint(receiver)
  deliver()
  await store.identify(1, [nth(1, '1')])
  for (let n = 2; n < 22; n += 2) {
    await store.identify(1, [nth(n, `${n}`), nth(n + 1, `${n + 1}`)])
    await store.identify(1, [nth(n, `${n + 1}`), nth(n, `9${n}`)])
  }
  await store.identify(1, [nth(1, '2')])
  const events = await log()
  await receiver.until(() => firstAcknowledged(receiver).length === events.length)
  expectOrder(receiver)
  expect(eventIds(firstAcknowledged(receiver)).toSorted()).toEqual(events.map(({ id }) => id).toSorted())
  expect(receiver.acknowledged.length).toBe(events.length)
})

it('a process that dies between a delivery and its note: the event comes again with the same id, and nothing is lost', async () => {
  const receiver = await receive()
  await addEndpoint(receiver)
  // It never looks at the row again, so it notes nothing; and it ends as a process does that is killed.
  const dying = deliver({ lookIntervalMs: 1_000_000 })
  await store.identify(1, [nth(1), nth(2)])
  await receiver.until(() => receiver.acknowledged.length === 2)
  await database.db`update webhook_endpoint set lease_until = now(), lease_holder = 'killed'`
  await dying.stop()
  await store.identify(1, [nth(3)])
  deliver()
  await receiver.until(() => receiver.acknowledged.length === 5)
  const ids = receiver.acknowledged.map(({ id }) => id)
  expect(ids.slice(2, 4).toSorted()).toEqual(ids.slice(0, 2).toSorted())
  expect(eventIds(firstAcknowledged(receiver)).toSorted()).toEqual((await log()).map(({ id }) => id))
})

it('two servers share the endpoints, and each event comes once; when one stops, the other goes on where it was', async () => {
  const receiver = await receive()
  await addEndpoint(receiver)
  const [first, second] = [deliver(), deliver()]
  for (let n = 1; n <= 20; n++) await store.identify(1, [nth(n)])
  await receiver.until(() => receiver.acknowledged.length >= 20)
  const [row] = await database.db`select lease_holder from webhook_endpoint`
  expect(row!.lease_holder).not.toBeNull()
  await first.stop()
  await store.identify(1, [nth(21)])
  await receiver.until(() => receiver.acknowledged.length >= 21)
  await second.stop()
  deliver()
  await store.identify(1, [nth(22)])
  await receiver.until(() => receiver.acknowledged.length >= 22)
  expect(eventIds(receiver.acknowledged).toSorted()).toEqual((await log()).map(({ id }) => id).toSorted())
})

it('what is never acknowledged becomes a dead letter, lets what follows pass, and is sent again when asked for', async () => {
  let isWell = false
  const receiver = await receive(({ event }) => (!isWell && event.type === 'person.created' ? 500 : undefined))
  const endpoint = await addEndpoint(receiver)
  const timers = instantTimers()
  deliver({ timers })
  await store.identify(1, [nth(1), nth(1, '1')])
  await receiver.until(() => receiver.acknowledged.length === 1)
  const [created, added] = await log()
  expect(eventIds(receiver.acknowledged)).toEqual([added!.id])
  expect(receiver.seen).toHaveLength(MAX_ATTEMPTS + 1)
  expect(timers.waitsMs.every((ms, n) => ms >= Math.min(3_600_000, 1_000 * 2 ** n) / 2)).toBe(true)
  const [letter] = await store.webhooks.deadLetters(1, { limit: 10 })
  expect(letter).toMatchObject({
    endpointId: endpoint.id,
    eventId: created!.id,
    attempts: MAX_ATTEMPTS,
    error: 'status',
    status: 500,
  })
  isWell = true
  expect(await store.webhooks.retryDeadLetter(1, letter!.id)).toMatchObject({ retryRequestedAt: expect.any(Date) })
  await receiver.until(() => receiver.acknowledged.length === 2)
  expect(receiver.acknowledged[1]!.id).toBe(receiver.seen[0]!.id)
  await expect.poll(() => store.webhooks.deadLetters(1, { limit: 10 }), POLL).toEqual([])
  await expect(store.webhooks.retryDeadLetter(1, letter!.id)).rejects.toMatchObject({ code: 'not_found' })
})

it('an event that holds a thousand others back becomes a dead letter before its time', async () => {
  const receiver = await receive(({ event }) => (event.id === '1-0' ? 500 : undefined))
  await addEndpoint(receiver)
  // As if hours lay between the fifth attempt and the sixth.
  let waits = 0
  const timers: Timers = {
    after(_ms, callback) {
      if (++waits < 5) setImmediate(callback)
      return () => {}
    },
  }
  deliver({ timers })
  await store.identify(
    1,
    Array.from({ length: 1_010 }, (_, n) => nth(n)),
  )
  await receiver.until(() => receiver.acknowledged.length === 1_009)
  expect(await store.webhooks.deadLetters(1, { limit: 10 })).toMatchObject([{ eventId: '1-0', attempts: 5 }])
})

it('a dead letter whose event is no longer in the log cannot be sent again, and says so', async () => {
  const receiver = await receive(() => 500)
  await addEndpoint(receiver)
  deliver()
  await store.identify(1, [nth(1)])
  await expect.poll(() => store.webhooks.deadLetters(1, { limit: 10 }), POLL).toHaveLength(1)
  const [letter] = await store.webhooks.deadLetters(1, { limit: 10 })
  await deleteOldEvents(database.pool, 1, new Date(Date.now() + 60_000))
  await expect(store.webhooks.retryDeadLetter(1, letter!.id)).rejects.toMatchObject({ code: 'gone' })
  expect(await store.webhooks.retryDeadLetters(1, letter!.endpointId)).toBe(1)
  await expect
    .poll(() => store.webhooks.deadLetters(1, { limit: 10 }), POLL)
    .toMatchObject([{ error: 'gone', attempts: MAX_ATTEMPTS }])
})

it('an endpoint says what it wants: a rest with Retry-After, no more with 410', async () => {
  const answers = [{ status: 429, headers: { 'retry-after': '120' } }, 204, 410]
  const receiver = await receive(() => answers.shift() as number)
  const { id } = await addEndpoint(receiver)
  const timers = instantTimers()
  deliver({ timers })
  await store.identify(1, [nth(1)])
  await receiver.until(() => receiver.acknowledged.length === 1)
  expect(timers.waitsMs).toContain(120_000)
  await store.identify(1, [nth(2)])
  await expect
    .poll(() => store.webhooks.endpoints(1), POLL)
    .toMatchObject([{ id, disabledAt: expect.any(Date), disabledReason: 'gone' }])
  expect(receiver.seen).toHaveLength(3)
  await store.webhooks.updateEndpoint(1, id, { enabled: true })
  answers.push(204)
  await receiver.until(() => receiver.acknowledged.length === 2)
})

it('follows no redirect; and sends nothing to an address of this machine unless it may', async () => {
  const receiver = await receive(() => 302)
  await addEndpoint(receiver)
  const allowing = deliver()
  await store.identify(1, [nth(1)])
  const errors = async () =>
    (await store.webhooks.deadLetters(1, { limit: 10 })).map(({ error, status }) => [error, status])
  await expect.poll(errors, POLL).toEqual([['status', 302]])
  await allowing.stop()
  const came = receiver.seen.length
  deliver({ allowPrivate: false })
  const local = {
    url: receiver.url.replace('127.0.0.1', 'localhost').replace('http:', 'https:'),
    secret: drawWebhookSecret(),
  }
  await store.webhooks.createEndpoint(1, { ...local, types: null })
  await store.identify(1, [nth(2)])
  await expect.poll(errors, POLL).toEqual([
    ['status', 302],
    ['address', null],
    ['address', null],
  ])
  expect(receiver.seen).toHaveLength(came)
})
