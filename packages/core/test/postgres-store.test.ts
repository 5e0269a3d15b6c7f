import { Oracle } from '@identity/checker'
import type { CanonicalRequest } from '@identity/core'
import { PostgresStore } from '@identity/core/postgres'
import {
  allContacts,
  createTestDatabase,
  datedRequestArbitrary,
  HILL_VALLEY,
  requestArbitrary,
  seed,
  TWO_PRIMARIES,
} from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

async function identify(store: PostgresStore, request: Partial<CanonicalRequest>) {
  const [result] = await store.identify(1, [{ email: null, phoneNumber: null, ...request }])
  return result!
}

describe('the documented examples', () => {
  it('a known customer, then a new one who gets id 24', async () => {
    await using database = await createTestDatabase()
    await seed(database.db, HILL_VALLEY)
    const store = new PostgresStore(database.pool)
    const known = await identify(store, { email: 'mcfly@hillvalley.edu', phoneNumber: '123456' })
    expect(known.person).toEqual({
      primaryContactId: 1,
      emails: ['lorraine@hillvalley.edu', 'mcfly@hillvalley.edu'],
      phoneNumbers: ['123456'],
      secondaryContactIds: [23],
    })
    expect(await allContacts(database.db)).toEqual(HILL_VALLEY)
    const fresh = await identify(store, { email: 'newunkonown@hillvalley.edu', phoneNumber: '789012' })
    expect(fresh.person.primaryContactId).toBe(24)
  })

  it('ids 11 and 27 become one, and the next new id is 28', async () => {
    await using database = await createTestDatabase()
    await seed(database.db, TWO_PRIMARIES)
    const store = new PostgresStore(database.pool)
    const merged = await identify(store, { email: 'george@hillvalley.edu', phoneNumber: '717171' })
    expect(merged.person).toEqual({
      primaryContactId: 11,
      emails: ['george@hillvalley.edu', 'biffsucks@hillvalley.edu'],
      phoneNumbers: ['919191', '717171'],
      secondaryContactIds: [27],
    })
    const [eleven, twentySeven] = await allContacts(database.db)
    expect(twentySeven).toMatchObject({
      linkedId: 11,
      linkPrecedence: 'secondary',
      createdAt: TWO_PRIMARIES[1]!.createdAt,
    })
    expect(twentySeven!.updatedAt).toEqual(eleven!.updatedAt)
    expect(eleven!.updatedAt.getTime()).toBeGreaterThan(TWO_PRIMARIES[0]!.updatedAt.getTime())
    expect((await identify(store, { email: 'new@hillvalley.edu' })).person.primaryContactId).toBe(28)
  })
})

it('answers any sequence as the oracle does, and stores the same rows', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  await fc.assert(
    fc.asyncProperty(fc.array(requestArbitrary(), { minLength: 5, maxLength: 30 }), async (requests) => {
      await database.db`truncate contact restart identity cascade`
      const oracle = new Oracle()
      for (const request of requests) expect((await identify(store, request)).person).toEqual(oracle.identify(request))
      const rows = await allContacts(database.db)
      expect(rows.map(({ id, linkedId }) => [id, linkedId])).toEqual(
        oracle.rows.map(({ id, linkedId }) => [id, linkedId]),
      )
    }),
    { numRuns: 60 },
  )
})

it('reconciles the requests of one call one after another', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  await fc.assert(
    fc.asyncProperty(fc.array(requestArbitrary(), { minLength: 1, maxLength: 30 }), async (requests) => {
      await database.db`truncate contact restart identity cascade`
      const oracle = new Oracle()
      const results = await store.identify(1, requests)
      expect(results.map((result) => result.person)).toEqual(requests.map((request) => oracle.identify(request)))
    }),
    { numRuns: 60 },
  )
})

it('reconciles orders of any time as the oracle does, in one call and across calls', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(datedRequestArbitrary(), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      async (calls) => {
        await database.db`truncate contact restart identity cascade`
        const oracle = new Oracle()
        for (const requests of calls) {
          const results = await store.identify(1, requests)
          expect(results.map((result) => result.person)).toEqual(requests.map((request) => oracle.identify(request)))
        }
        const stored = await allContacts(database.db)
        const rows = oracle.rows.toSorted((a, b) => a.id - b.id)
        expect(stored.map(({ id, linkedId }) => [id, linkedId])).toEqual(rows.map(({ id, linkedId }) => [id, linkedId]))
        for (const [n, { createdAt }] of rows.entries()) if (createdAt) expect(stored[n]!.createdAt).toEqual(createdAt)
      },
    ),
    { numRuns: 60 },
  )
})

describe('deleted contacts (R6)', () => {
  const deletedAt = new Date('2024-01-01T00:00:00Z')

  it('make way for a new contact with the same values', async () => {
    await using database = await createTestDatabase()
    await seed(database.db, [{ ...HILL_VALLEY[0]!, deletedAt }])
    const store = new PostgresStore(database.pool)
    const first = await identify(store, { email: 'lorraine@hillvalley.edu', phoneNumber: '123456' })
    expect(first).toMatchObject({ outcome: 'created', person: { primaryContactId: 2 } })
    const second = await identify(store, { email: 'lorraine@hillvalley.edu', phoneNumber: null })
    expect(second).toMatchObject({ outcome: 'existing', person: { primaryContactId: 2 } })
  })

  it('move with their person, so that no chain appears', async () => {
    await using database = await createTestDatabase()
    await seed(database.db, [
      ...TWO_PRIMARIES,
      { ...HILL_VALLEY[1]!, id: 30, phoneNumber: '5', linkedId: 27, deletedAt },
    ])
    await identify(new PostgresStore(database.pool), { email: 'george@hillvalley.edu', phoneNumber: '717171' })
    expect((await allContacts(database.db)).map((contact) => contact.linkedId)).toEqual([null, 11, 11])
  })
})

describe('looking a person up', () => {
  it('by any contact id, e-mail or phone; null where nobody is', async () => {
    await using database = await createTestDatabase()
    await seed(database.db, HILL_VALLEY)
    const store = new PostgresStore(database.pool)
    for (const query of [
      { contactId: 1 },
      { contactId: 23 },
      { identifier: { kind: 'email', value: 'mcfly@hillvalley.edu' } },
      { identifier: { kind: 'phone', value: '123456' } },
    ] as const) {
      expect(await store.find(1, query)).toMatchObject({ primaryContactId: 1, secondaryContactIds: [23] })
    }
    expect(await store.find(1, { contactId: 2 })).toBeNull()
    expect(await store.find(1, { identifier: { kind: 'phone', value: '1' } })).toBeNull()
    expect(await store.find(2, { contactId: 1 })).toBeNull()
  })

  it('previews without writing', async () => {
    await using database = await createTestDatabase()
    await seed(database.db, TWO_PRIMARIES)
    const store = new PostgresStore(database.pool)
    const merge = await store.preview(1, { email: 'george@hillvalley.edu', phoneNumber: '717171' })
    expect(merge).toMatchObject({ outcome: 'merged', movedContactIds: [27], newContact: null })
    const create = await store.preview(1, { email: 'new@hillvalley.edu', phoneNumber: null })
    expect(create).toMatchObject({ outcome: 'created', person: { primaryContactId: null } })
    expect(create.newContact).toEqual({ email: 'new@hillvalley.edu', phoneNumber: null, linkPrecedence: 'primary' })
    expect(await allContacts(database.db)).toEqual(TWO_PRIMARIES)
  })
})

it('stays apart from other workspaces', async () => {
  await using database = await createTestDatabase()
  await database.db`insert into workspace (id, name) values (2, 'another shop')`
  const store = new PostgresStore(database.pool)
  const request = { email: 'ann@example.com', phoneNumber: '1' }
  const [[here], [there]] = await Promise.all([store.identify(1, [request]), store.identify(2, [request])])
  expect(new Set([here!.outcome, there!.outcome])).toEqual(new Set(['created']))
})

it('what the database refuses fails its own request, and none that travels with it', async () => {
  await using database = await createTestDatabase()
  await database.db`alter table contact add constraint no_mcfly check (email <> 'mcfly@hillvalley.edu')`
  const store = new PostgresStore(database.pool)
  const calls = ['ann@example.com', 'mcfly@hillvalley.edu', 'bob@example.com'].map((email) =>
    identify(store, { email }),
  )
  const outcomes = await Promise.allSettled(calls)
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(outcomes[1]).toMatchObject({ reason: { code: '23514' } })
})

it('a look-up is told in time when the database does not answer', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool, { timeoutMs: 100 })
  await database.db`begin`
  await database.db`lock table contact in access exclusive mode`
  const refused = { code: 'unavailable', retryAfterS: 1 }
  await Promise.all([
    expect(store.find(1, { contactId: 1 })).rejects.toMatchObject(refused),
    expect(store.preview(1, { email: 'ann@example.com', phoneNumber: null })).rejects.toMatchObject(refused),
    expect(identify(store, { email: 'ann@example.com' })).rejects.toMatchObject(refused),
  ])
  await database.db`rollback`
})
