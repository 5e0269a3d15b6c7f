import { Oracle } from '@identity/checker'
import { type CanonicalRequest, canonicalRequest } from '@identity/core'
import { bulkIdentify, Pool, PostgresStore, type RetryEvent } from '@identity/core/postgres'
import {
  allClaims,
  allContacts,
  createTestDatabase,
  datedRequestArbitrary,
  HILL_VALLEY,
  orders,
  ordersExpected,
  seed,
  type TestDatabase,
  takeAway,
} from '@identity/testkit'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { IdentifierMap } from '../src/identifier-map.ts'

type Chunks = ReadonlyArray<readonly CanonicalRequest[]>

const chunksArbitrary = fc.array(fc.array(datedRequestArbitrary(), { minLength: 1, maxLength: 6 }), {
  minLength: 2,
  maxLength: 6,
})

async function* each(chunks: Chunks) {
  yield* chunks
}

function bulkOptions() {
  const retries: RetryEvent[] = []
  return {
    retries,
    options: { workspaceId: 1, patienceMs: 5_000, onRetry: (event: RetryEvent) => retries.push(event) },
  }
}

it('comes to the rows that requests one by one come to, and no chunk starts over for what the one before it did', async () => {
  await using database = await createTestDatabase()
  await fc.assert(
    fc.asyncProperty(chunksArbitrary, async (chunks) => {
      await database.db`truncate contact restart identity cascade`
      const oracle = new Oracle()
      for (const request of chunks.flat()) oracle.identify(request)
      const { retries, options } = bulkOptions()
      for await (const _ of bulkIdentify(database.pool, each(chunks), options));
      const rows = oracle.rows.toSorted((a, b) => a.id - b.id)
      const stored = await allContacts(database.db)
      expect(stored.map(({ id, linkedId }) => [id, linkedId])).toEqual(rows.map(({ id, linkedId }) => [id, linkedId]))
      expect(retries).toEqual([])
    }),
    { numRuns: 30 },
  )
})

it('comes to them as well where a chunk goes out in many parts', async () => {
  await using database = await createTestDatabase()
  const placedAtMs = Date.UTC(2024, 0, 1)
  const request = (n: number): CanonicalRequest => ({
    email: n % 5 === 0 ? null : `${(n * 7) % 900}@example.com`,
    phoneNumber: n % 5 !== 0 && n % 3 === 0 ? null : `${(n * 11) % 700}`,
    // Some are older than the primary of their person, and take its place.
    createdAt: new Date(placedAtMs + (n % 13 === 0 ? -n : n)),
  })
  const requests = Array.from({ length: 2_600 }, (_, n) => request(n))
  const chunks = [requests.slice(0, 1_800), requests.slice(1_800)]
  const oracle = new Oracle()
  for (const one of requests) oracle.identify(one)
  const { retries, options } = bulkOptions()
  for await (const _ of bulkIdentify(database.pool, each(chunks), options));
  const stored = await allContacts(database.db)
  const rows = oracle.rows.toSorted((a, b) => a.id - b.id)
  expect(stored.map(({ id, linkedId }) => [id, linkedId])).toEqual(rows.map(({ id, linkedId }) => [id, linkedId]))
  expect(retries).toEqual([])
})

/** A pool on which something happens between the first look-up and what follows from it. */
function withChangesAfterLookUp(pool: Pool, changes: () => Promise<unknown>): Pool {
  let happened: Promise<unknown> | undefined
  const use: Pool['use'] = async (work) => {
    const result = await pool.use(work)
    if (result instanceof IdentifierMap) {
      happened ??= changes()
      await happened
    }
    return result
  }
  return new Proxy(pool, { get: (_, property) => (property === 'use' ? use : Reflect.get(pool, property, pool)) })
}

/** What others do to Ann (1) and Bob (2) meanwhile, a request after that, and what becomes of it. */
const MEANWHILE: Array<[string, (store: PostgresStore) => Promise<unknown>, Partial<CanonicalRequest>, object]> = [
  [
    'merged',
    (store) => store.identify(1, [{ email: 'ann@example.com', phoneNumber: '2' }]),
    { email: 'bob@example.com' },
    { primaryContactId: 1, emails: ['ann@example.com', 'bob@example.com'], phoneNumbers: ['1', '2', '9'] },
  ],
  [
    'came',
    (store) => store.identify(1, [{ email: 'dan@example.com', phoneNumber: '4' }]),
    { email: 'dan@example.com' },
    { primaryContactId: 3, phoneNumbers: ['4', '9'] },
  ],
  [
    'was deleted',
    (store) => store.corrections.deleteContact(1, 2),
    { email: 'bob@example.com' },
    { primaryContactId: 3, phoneNumbers: ['9'] },
  ],
  [
    'was erased',
    (store) => store.corrections.erase(1, { contactId: 2, reason: null }),
    { email: 'bob@example.com' },
    { primaryContactId: 3, phoneNumbers: ['9'] },
  ],
]

const annAndBob = (
  [
    ['ann@example.com', '1'],
    ['bob@example.com', '2'],
  ] as const
).map(([email, phoneNumber]) => ({
  email,
  phoneNumber,
}))

it.each(MEANWHILE)('finds who %s after the chunk was looked up', async (_, change, request, expected) => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  for (const one of annAndBob) await store.identify(1, [one])
  const pool = withChangesAfterLookUp(database.pool, () => change(store))
  const chunks = [[{ email: null, phoneNumber: '9', ...request }]]
  for await (const _ of bulkIdentify(pool, each(chunks), bulkOptions().options));
  expect(await store.find(1, { identifier: { kind: 'phone', value: '9' } })).toMatchObject(expected)
})

it.each(MEANWHILE)('finds who %s after an earlier chunk brought them', async (_, change, request, expected) => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  const chunks = afterFirst(database, annAndBob, () => change(store), [{ email: null, phoneNumber: '9', ...request }])
  for await (const _ of bulkIdentify(database.pool, chunks, bulkOptions().options));
  expect(await store.find(1, { identifier: { kind: 'phone', value: '9' } })).toMatchObject(expected)
})

it('draws more ids where somebody is gone whom a request was to join', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  const eraseBob = () => store.corrections.erase(1, { contactId: 2, reason: null })
  const joins = [{ email: 'ann@example.com', phoneNumber: '2' }]
  const { retries, options } = bulkOptions()
  const outcomes: object[] = []
  const chunks = afterFirst(database, annAndBob, eraseBob, joins)
  for await (const counts of bulkIdentify(database.pool, chunks, options)) outcomes.push(counts)
  expect(outcomes[1]).toMatchObject({ linked: 1, merged: 0 })
  expect(retries.map(({ code }) => code)).toEqual(['LOCKS_OUTDATED'])
})

it('tells of an outage also where it was about to look at the rules again', async () => {
  await using database = await createTestDatabase()
  let bringBack: (() => Promise<void>) | undefined
  const now = vi.spyOn(performance, 'now')
  const outage = async () => {
    bringBack = await takeAway(database)
    const laterMs = performance.now() + 10_000
    now.mockImplementation(() => laterMs)
  }
  const onRetry = vi.fn(() => void bringBack?.())
  const chunks = afterFirst(database, annAndBob, outage, [{ email: 'ann@example.com', phoneNumber: '9' }])
  const outcomes: object[] = []
  try {
    const options = { workspaceId: 1, patienceMs: 20_000, onRetry }
    for await (const counts of bulkIdentify(database.pool, chunks, options)) outcomes.push(counts)
  } finally {
    now.mockRestore()
  }
  expect(onRetry).toHaveBeenCalled()
  expect(outcomes[1]).toMatchObject({ linked: 1 })
})

it('repeats a chunk of which one part has failed and another is refused', async () => {
  await using database = await createTestDatabase()
  await database.db`insert into policy (workspace_id, max_emails, updated_at) values (1, 1, 'epoch')`
  const store = new PostgresStore(database.pool)
  const comes = () => store.identify(1, [{ email: '7@example.com', phoneNumber: null }])
  const pool = withChangesAfterLookUp(database.pool, comes)
  const requests = Array.from({ length: 600 }, (_, n) => ({ email: `${n}@example.com`, phoneNumber: `${n}` }))
  const chunks = [[...requests, { email: 'another@example.com', phoneNumber: '0' }]]
  const { retries, options } = bulkOptions()
  for await (const counts of bulkIdentify(pool, each(chunks), options)) {
    expect(counts).toEqual({ created: 599, linked: 1, merged: 0, existing: 0, refused: 1 })
  }
  expect(retries.map(({ code }) => code)).toEqual(['23505'])
})

it('believes for a minute that an order which was seen is in', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  const deleteAnn = () => store.corrections.deleteContact(1, 1)
  for (const [minutes, persons] of [
    [0, []],
    [1, [2]],
  ] as const) {
    await database.db`truncate contact restart identity cascade`
    const later = async () => {
      await deleteAnn()
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_001 })
    }
    const ann = annAndBob.slice(0, 1)
    for await (const _ of bulkIdentify(database.pool, afterFirst(database, ann, later, ann), bulkOptions().options));
    vi.useRealTimers()
    const live = (await allContacts(database.db)).filter(({ deletedAt }) => deletedAt === null)
    expect(live.map(({ id }) => id)).toEqual(persons)
  }
})

/** Two chunks, and what happens once the first of them is written. */
async function* afterFirst(
  { db }: TestDatabase,
  first: readonly CanonicalRequest[],
  happens: () => Promise<unknown>,
  second: readonly CanonicalRequest[],
) {
  yield first
  while ((await allContacts(db)).length < first.length);
  await happens()
  yield second
}

it('two imports of the same orders into an empty workspace at once come to the same persons', async () => {
  await using database = await createTestDatabase()
  const requests = orders().flatMap((order) => {
    try {
      return [canonicalRequest(order, { defaultRegion: 'IN' })]
    } catch {
      return []
    }
  })
  const chunks = Array.from({ length: 6 }, (_, n) => requests.slice(n * 4_000, (n + 1) * 4_000))
  const pool = new Pool(database.url)
  try {
    // Another order within the chunks makes each wait for the other.
    await Promise.all(
      [chunks, chunks.map((chunk) => chunk.toReversed())].map(async (mine) => {
        for await (const _ of bulkIdentify(pool, each(mine), bulkOptions().options));
      }),
    )
  } finally {
    await pool.end()
  }
  const { persons, identifiers } = ordersExpected()
  const contacts = await allContacts(database.db)
  expect(contacts.filter(({ linkedId }) => linkedId === null)).toHaveLength(persons)
  expect(await allClaims(database.db)).toHaveLength(identifiers)
})

it('takes the place of a deleted contact at once', async () => {
  await using database = await createTestDatabase()
  await seed(database.db, [{ ...HILL_VALLEY[0]!, deletedAt: new Date() }])
  const { retries, options } = bulkOptions()
  const chunks = [[{ email: 'lorraine@hillvalley.edu', phoneNumber: '1' }]]
  for await (const counts of bulkIdentify(database.pool, each(chunks), options)) expect(counts.created).toBe(1)
  const claims = await allClaims(database.db)
  expect(claims.filter(({ kind }) => kind === 'email').map(({ contactId }) => contactId)).toEqual([2])
  expect(retries).toEqual([])
})
