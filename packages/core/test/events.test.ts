import type { RecordedEvent } from '@identity/core'
import {
  bulkIdentify,
  type Client,
  deleteOldEvents,
  inWorkspace,
  openClient,
  Pool,
  PostgresStore,
  readBridges,
  readIsolation,
} from '@identity/core/postgres'
import { allContacts, createTestDatabase, personsOf, replay, type TestDatabase } from '@identity/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insertChange } from '../src/postgres/statements/insert-change.ts'

const AT = new Date('2024-01-01T00:00:00.000Z')
const ORIGIN = { actor: 'key', requestId: 'request' }

let cleanup: AsyncDisposableStack
let database: TestDatabase
let store: PostgresStore

beforeEach(async () => {
  cleanup = new AsyncDisposableStack()
  database = cleanup.use(await createTestDatabase())
  store = new PostgresStore(database.pool)
})
afterEach(() => cleanup.disposeAsync())

/** Reads a log from its start, or after an event, page by page. */
async function readAll(limit: number, after?: string, log = store): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for (;;) {
    const page = await log.events(1, { after: events.at(-1)?.id ?? after, limit })
    events.push(...page)
    if (page.length < limit) return events
  }
}

/** A transaction by hand that has written an event and not committed it. */
async function openTransaction(personId: number): Promise<Client> {
  const client = openClient(database.url)
  cleanup.defer(() => client.end({ timeout: 1 }))
  await client`begin`
  const event = { type: 'person.created', personId, contactId: personId } as const
  await insertChange(client, 1, [{ event, origin: ORIGIN }], AT)
  return client
}

const personIds = (events: readonly RecordedEvent[]) =>
  events.map((event) => ('personId' in event ? event.personId : undefined))

describe('transactions that commit in another order than they wrote', () => {
  it('whoever reads between them sees each once, in the order of the commits, and nothing moves', async () => {
    const [first, second, third] = [await openTransaction(1), await openTransaction(2), await openTransaction(3)]
    expect(await readAll(10)).toEqual([])
    await third`commit`
    const seen = await readAll(10)
    await first`commit`
    seen.push(...(await readAll(10, seen.at(-1)!.id)))
    expect(await readAll(10, seen.at(-1)!.id)).toEqual([])
    await second`commit`
    seen.push(...(await readAll(10, seen.at(-1)!.id)))
    expect(personIds(seen)).toEqual([3, 1, 2])
    expect(await readAll(10)).toEqual(seen)
  })

  it('one that begins after another has committed comes after it, whoever reads and whenever', async () => {
    const slow = await openTransaction(1)
    const before = await openTransaction(2)
    await before`commit`
    const after = await openTransaction(3)
    await after`commit`
    expect(personIds(await readAll(1))).toEqual([2, 3])
    await slow`commit`
    expect(personIds(await readAll(1))).toEqual([2, 3, 1])
  })

  it('one that is undone leaves no gap for a reader to wait at', async () => {
    const undone = await openTransaction(1)
    const kept = await openTransaction(2)
    await kept`commit`
    await undone`rollback`
    expect(personIds(await readAll(10))).toEqual([2])
  })
})

it('an event says what was done, when, for whom and by which request, and nothing of the customer', async () => {
  await store.identify(1, [{ email: 'ann@example.com', phoneNumber: '1' }], ORIGIN)
  await store.identify(1, [{ email: 'bob@example.com', phoneNumber: '2' }])
  await store.identify(1, [{ email: 'ann@example.com', phoneNumber: '2' }], { ...ORIGIN, requestId: 'merge' })
  await store.identify(1, [{ email: 'ann@example.com', phoneNumber: '2' }])
  const [ann] = await allContacts(database.db)
  const events = await store.events(1, { limit: 10 })
  expect(events).toEqual([
    { id: '1-0', at: ann!.createdAt.toISOString(), ...ORIGIN, type: 'person.created', personId: 1, contactId: 1 },
    expect.objectContaining({ id: '2-0', actor: null, requestId: null, personId: 2 }),
    {
      id: '3-0',
      at: ann!.updatedAt.toISOString(),
      actor: 'key',
      requestId: 'merge',
      type: 'persons.merged',
      personId: 1,
      absorbed: [2],
      by: { email: 1, phone: 2 },
      contactId: null,
      moved: [{ contactId: 2, from: 2 }],
    },
  ])
  const [row] = await database.db`select string_agg(events::text, '') as text from change`
  expect(row!.text).not.toMatch(/example/)
  expect(await store.events(2, { limit: 10 })).toEqual([])
})

it('two servers and an import write, one consumer follows: every event once, and they lead to the persons', async () => {
  const pool = new Pool(database.url)
  cleanup.defer(() => pool.end())
  const stores = [new PostgresStore(pool), new PostgresStore(database.pool, { maxBatchSize: 4 })]
  const requestOf = (n: number) => ({
    email: `e${(n * 7) % 90}@example.com`,
    phoneNumber: n % 3 === 0 ? `${(n * 11) % 80}` : `9${n % 60}`,
    ...(n % 13 === 0 && { createdAt: new Date(AT.getTime() - n) }),
  })
  const importing = (async () => {
    const chunk = Array.from({ length: 700 }, (_, n) => requestOf(1_000 + n))
    for await (const _ of bulkIdentify(pool, each([chunk, chunk]), { workspaceId: 1, patienceMs: 5_000 }));
  })()
  const writing = Promise.all([
    importing,
    ...Array.from({ length: 400 }, (_, n) => stores[n % 2]!.identify(1, [requestOf(n)])),
  ])
  let isWriting = true
  void writing.finally(() => {
    isWriting = false
  })
  const seen: RecordedEvent[] = []
  while (isWriting) seen.push(...(await readAll(50, seen.at(-1)?.id)))
  await writing
  seen.push(...(await readAll(50, seen.at(-1)?.id)))
  expect(new Set(seen.map(({ id }) => id))).toHaveLength(seen.length)
  expect(replay(seen)).toEqual(personsOf(await allContacts(database.db)))
  for (const limit of [7, 1_000]) expect(await readAll(limit)).toEqual(seen)
  const bridges = await readBridges(
    database.db,
    1,
    (await allContacts(database.db)).map(({ id }) => id),
  )
  const merges = seen.flatMap((event) => (event.type === 'persons.merged' ? [event.by] : []))
  expect(merges.length).toBeGreaterThan(0)
  expect(new Set(bridges.map(({ emailContactId, phoneContactId }) => `${emailContactId} ${phoneContactId}`))).toEqual(
    new Set(merges.map(({ email, phone }) => `${email} ${phone}`)),
  )
})

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

it('a cursor that is no event, or one of which the rest is deleted, is refused by name', async () => {
  for (const n of [1, 2, 3, 4]) await store.identify(1, [{ email: null, phoneNumber: `${n}` }])
  const [malformed, unknown] = [
    ['x', '1', '0-0', '1-0 ', '9999999999999999-0'],
    ['1-1', '5-0', '17-0'],
  ]
  for (const after of [...malformed, ...unknown]) {
    const found = JSON.stringify(after)
    await expect(store.events(1, { after, limit: 1 })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(unknown.includes(after) ? `none has ${found}` : `"17-0"; found ${found}`),
    })
  }
  // Only the front of the log goes, and what nobody has read yet with it.
  await store.identify(1, [{ email: null, phoneNumber: '5' }])
  await database.db`update change set at = ${AT} where id in (1, 2, 5)`
  while (await deleteOldEvents(database.pool, 1, new Date(AT.getTime() + 1)));
  expect((await readAll(10)).map(({ id }) => id)).toEqual(['3-0', '4-0', '5-0'])
  await expect(store.events(1, { after: '1-0', limit: 1 })).rejects.toMatchObject({
    code: 'gone',
    message: expect.stringContaining('1-0'),
  })
  expect(personIds(await readAll(10, '2-0'))).toEqual([3, 4, 5])
  await database.db`update change set at = ${AT}`
  while (await deleteOldEvents(database.pool, 1, new Date(AT.getTime() + 1)));
  await store.identify(1, [{ email: null, phoneNumber: '6' }])
  expect((await readAll(10, '5-0')).map(({ id }) => id)).toEqual(['6-0'])
})

it('whoever waits is woken by a write of this server and by one of another, and not by one of another workspace', async () => {
  const signal = AbortSignal.timeout(20_000)
  const other = new PostgresStore(database.pool)
  const woken: string[] = []
  void store.untilEvents(2, undefined, signal).then(() => woken.push('another workspace'))
  let waiting = store.untilEvents(1, undefined, signal)
  await store.identify(1, [{ email: 'ann@example.com', phoneNumber: null }])
  await waiting
  const [event] = await store.events(1, { limit: 1 })
  waiting = store.untilEvents(1, event!.id, signal)
  await other.identify(1, [{ email: 'bob@example.com', phoneNumber: null }])
  await waiting
  expect(await store.events(1, { after: event!.id, limit: 10 })).toHaveLength(1)
  expect({ woken, isOver: signal.aborted }).toEqual({ woken: [], isOver: false })
})

it('row-level security keeps the log and the bridges of a workspace to it', async () => {
  const pool = new Pool(database.url, { isolation: await readIsolation(database.url) })
  cleanup.defer(() => pool.end())
  const isolated = new PostgresStore(pool)
  for (const workspaceId of [1, 2]) {
    for (const [email, phoneNumber] of [
      ['a@example.com', '1'],
      ['b@example.com', '2'],
      ['a@example.com', '2'],
    ]) {
      await isolated.identify(workspaceId, [{ email: email!, phoneNumber: phoneNumber! }])
    }
    expect(await isolated.events(workspaceId, { limit: 10 })).toHaveLength(3)
  }
  const rows = await inWorkspace(pool, 2, async (db) => [
    ...(await db`select workspace_id from change`),
    ...(await db`select workspace_id from bridge`),
    ...(await db`select workspace_id from event_head`),
  ])
  expect(rows).toEqual(Array(5).fill({ workspace_id: 2 }))
})
