import { once } from 'node:events'
import { createServer } from 'node:net'
import { createIdentityClient, type Event, type IdentityClient, type IdentityClientError } from '@identity/client'
import { createKey, revokeKey } from '@identity/core/postgres'
import { createTestDatabase, startLocalServer, startServer, type TestDatabase } from '@identity/testkit'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'

let cleanup: AsyncDisposableStack
let database: TestDatabase

beforeEach(async () => {
  cleanup = new AsyncDisposableStack()
  database = cleanup.use(await createTestDatabase())
})
afterEach(() => cleanup.disposeAsync())

const nth = (n: number) => ({ email: `e${n}@example.com`, phoneNumber: null })

/** A consumer that keeps what it sees, and can wait for it. */
function follow(client: IdentityClient, after?: string) {
  const seen: Event[] = []
  const waiting: Array<{ count: number; resolve: () => void }> = []
  const { promise: failed, resolve: fail } = Promise.withResolvers<IdentityClientError>()
  const subscription = client.events.subscribe.subscribe(after === undefined ? {} : { after }, {
    onData({ data }) {
      expectTypeOf(data).toEqualTypeOf<Event>()
      seen.push(data)
      for (const { count, resolve } of waiting) if (seen.length >= count) resolve()
    },
    onError: (error) => fail(error as IdentityClientError),
  })
  cleanup.defer(() => subscription.unsubscribe())
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      if (seen.length >= count) resolve()
      else waiting.push({ count, resolve })
    })
  return { seen, until, failed, stop: () => subscription.unsubscribe() }
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}

describe('events.list', () => {
  it('says over tRPC and plain HTTP who did what, page by page, and a key for reading is enough', async () => {
    const { key: writer, id } = await createKey(database.db, { workspace: 'default', scope: 'identify' })
    const { key: reader } = await createKey(database.db, { workspace: 'default', scope: 'read' })
    const { url } = cleanup.use(await startLocalServer({ DATABASE_URL: database.url }))
    const client = createIdentityClient({ url, apiKey: writer })
    await client.identifyMany.mutate([nth(1), nth(2), { email: 'e1@example.com', phoneNumber: '1' }, nth(1)])
    const { events } = await createIdentityClient({ url, apiKey: reader }).events.list.query({})
    expect(events.map(({ type, actor }) => ({ type, actor }))).toEqual([
      { type: 'person.created', actor: id },
      { type: 'person.created', actor: id },
      { type: 'contact.added', actor: id },
    ])
    expect(new Set(events.map(({ requestId }) => requestId))).toEqual(new Set([expect.any(String)]))
    const list = async (query: string) => {
      const response = await fetch(`${url}/events${query}`, { headers: { authorization: `Bearer ${reader}` } })
      return { status: response.status, body: await response.json() }
    }
    expect(await list('?limit=2')).toEqual({ status: 200, body: { events: events.slice(0, 2) } })
    expect(await list(`?after=${events[1]!.id}`)).toEqual({ status: 200, body: { events: events.slice(2) } })
    for (const query of ['?limit=0', '?limit=1001', '?limit=x', '?after=x', '?after=9-9']) {
      const [field] = /\w+/.exec(query)!
      expect(await list(query)).toMatchObject({ status: 400, body: { errors: [{ field }] } })
    }
  })
})

describe('events.subscribe', () => {
  it('brings what happened and what happens, on any server; a stopped server is left and found again', async () => {
    const env = { DATABASE_URL: database.url, PORT: await freePort() }
    const other = createIdentityClient(cleanup.use(await startLocalServer({ DATABASE_URL: database.url })))
    await other.identify.mutate(nth(1))
    const server = await startLocalServer(env)
    const consumer = follow(createIdentityClient({ url: server.url, retry: { baseDelayMs: 10, maxDelayMs: 50 } }))
    await consumer.until(1)
    await other.identify.mutate(nth(2))
    await consumer.until(2)
    // It does not wait for whoever follows.
    await server[Symbol.asyncDispose]()
    await other.identify.mutate(nth(3))
    cleanup.use(await startLocalServer(env))
    await consumer.until(3)
    expect(consumer.seen).toEqual((await other.events.list.query({})).events)
  })

  it('what is older than the setting is gone, and a cursor in it is refused', async () => {
    const { url } = cleanup.use(await startLocalServer({ DATABASE_URL: database.url }))
    const client = createIdentityClient({ url })
    for (const n of [1, 2, 3]) await client.identify.mutate(nth(n))
    const [first, , last] = (await client.events.list.query({})).events
    await database.db`update change set at = at - interval '31 days' where id < 3`
    const { url: forgetful } = cleanup.use(
      await startLocalServer({ DATABASE_URL: database.url, EVENT_RETENTION_DAYS: '30' }),
    )
    const consumer = createIdentityClient({ url: forgetful })
    let events: Event[]
    do events = (await consumer.events.list.query({})).events
    while (events.length > 1)
    expect(events).toEqual([last])
    await expect(consumer.events.list.query({ after: first!.id })).rejects.toMatchObject({ code: 'gone' })
  })

  it('a server that is killed: the consumer goes on where it was, and sees each event once', async () => {
    const env = { DATABASE_URL: database.url, PORT: await freePort(), SERVER_PROCESSES: '1' }
    const writer = createIdentityClient(cleanup.use(await startLocalServer({ DATABASE_URL: database.url })))
    const killed = cleanup.use(await startServer(env))
    const consumer = follow(createIdentityClient({ url: killed.url, retry: { baseDelayMs: 10, maxDelayMs: 50 } }))
    const writing = (async () => {
      for (let n = 0; n < 60; n++) await writer.identify.mutate(nth(n))
    })()
    await consumer.until(10)
    await killed.stop('SIGKILL')
    cleanup.use(await startLocalServer(env))
    await writing
    await consumer.until(60)
    expect(consumer.seen).toEqual((await writer.events.list.query({})).events)
  })

  it('ends with what is wrong where to connect again would not help', async () => {
    const { key, id } = await createKey(database.db, { workspace: 'default', scope: 'identify' })
    const { url } = cleanup.use(await startLocalServer({ DATABASE_URL: database.url }))
    const client = createIdentityClient({ url, apiKey: key })
    await client.identify.mutate(nth(1))
    expect(await follow(client, '7-0').failed).toMatchObject({
      code: 'invalid_request',
      problems: [{ field: 'after' }],
    })
    expect(await follow(createIdentityClient({ url })).failed).toMatchObject({ code: 'unauthenticated', status: 401 })
    const { key: admin } = await createKey(database.db, { workspace: 'default', scope: 'admin' })
    const consumer = follow(client)
    await consumer.until(1)
    await revokeKey(database.db, id)
    const writer = createIdentityClient({ url, apiKey: admin })
    const failure = consumer.failed.then(({ code }) => code)
    for (let n = 2; (await Promise.race([failure, null])) === null; n++) await writer.identify.mutate(nth(n))
    expect(await failure).toBe('unauthenticated')
  })
})
