import { Oracle } from '@identity/checker'
import type { CanonicalRequest } from '@identity/core'
import { bulkIdentify, type Pool, PostgresStore, type RetryEvent } from '@identity/core/postgres'
import { allClaims, allContacts, createTestDatabase, datedRequestArbitrary, HILL_VALLEY, seed } from '@identity/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
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

it.each<[string, (store: PostgresStore) => Promise<unknown>, Partial<CanonicalRequest>, object]>([
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
])('finds who %s after the chunk was looked up', async (_, change, request, expected) => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  for (const [email, phoneNumber] of [
    ['ann@example.com', '1'],
    ['bob@example.com', '2'],
  ]) {
    await store.identify(1, [{ email: email!, phoneNumber: phoneNumber! }])
  }
  const pool = withChangesAfterLookUp(database.pool, () => change(store))
  const chunks = [[{ email: null, phoneNumber: '9', ...request }]]
  for await (const _ of bulkIdentify(pool, each(chunks), bulkOptions().options));
  expect(await store.find(1, { identifier: { kind: 'phone', value: '9' } })).toMatchObject(expected)
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
