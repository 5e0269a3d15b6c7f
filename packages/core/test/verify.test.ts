import { type Client, openClient, PostgresStore, repair, type VerifyOptions, verify } from '@identity/core/postgres'
import { createTestDatabase, datedRequestArbitrary, requestArbitrary } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** Two persons, 1 ← 2 and 3 ← 4, a value each. */
const TWO_PERSONS = `
  insert into contact (workspace_id, id, email, phone_number, linked_id, link_precedence, created_at, claimed) values
    (1, 1, 'a@example.com', '1', null, 'primary', '2024-01-01', 'both'),
    (1, 2, 'b@example.com', '1', 1, 'secondary', '2024-01-02', 'email'),
    (1, 3, 'c@example.com', '3', null, 'primary', '2024-01-03', 'both'),
    (1, 4, 'd@example.com', '3', 3, 'secondary', '2024-01-04', 'email');`

const WITHOUT_CONSTRAINTS = `
  alter table contact drop constraint contact_linked_id_fkey, drop constraint contact_primary_iff_unlinked,
    drop constraint contact_not_linked_to_itself, drop constraint contact_claims_what_links_it;`

/** What somebody did by hand, and which contacts break which invariant then. */
const FAULTS: ReadonlyArray<[what: string, sql: string, found: Record<string, number[]>]> = [
  [
    'a secondary without a link',
    `update contact set linked_id = null where id = 4`,
    { 'one-primary': [4], 'one-person-per-identifier': [4] },
  ],
  ['a primary with a link', `update contact set link_precedence = 'primary' where id = 4`, { 'one-primary': [4] }],
  [
    'a contact linked to itself',
    `update contact set linked_id = 3, link_precedence = 'secondary' where id = 3`,
    { 'one-primary': [3], 'no-chains': [3, 4] },
  ],
  [
    'a primary that is gone',
    `update contact set linked_id = 99 where id in (1, 2); update contact set link_precedence = 'secondary' where id = 1`,
    { 'no-dangling-links': [1, 2] },
  ],
  [
    'a chain',
    `update contact set linked_id = 2, link_precedence = 'secondary' where id = 3`,
    { 'no-chains': [3, 4], 'one-person-per-identifier': [4] },
  ],
  [
    'a circle',
    `update contact set linked_id = 4, link_precedence = 'secondary' where id = 3`,
    { 'no-chains': [3, 4], 'one-person-per-identifier': [4] },
  ],
  [
    'a primary that is younger',
    `update contact set created_at = '2025-01-01' where id = 3`,
    { 'oldest-is-primary': [4] },
  ],
  [
    'values that nobody claims',
    `update contact set claimed = case id when 1 then 'email' end where id in (1, 4)`,
    { 'values-indexed': [1, 2, 4] },
  ],
  [
    'a claim to a value that is released',
    `update contact set released = 'phone' where id = 1`,
    { 'identifiers-carried': [1], 'values-indexed': [2] },
  ],
  [
    'claims to values that are not there',
    `update contact set phone_number = null where id = 3; update contact set email = null, claimed = 'both' where id = 4`,
    { 'identifiers-carried': [3, 4] },
  ],
  [
    'a value that a deleted contact of another person claims',
    `update contact set claimed = 'phone' where id = 3;
     update contact set deleted_at = now(), email = 'c@example.com' where id = 2`,
    { 'values-indexed': [3] },
  ],
  [
    'a value of two persons',
    `update contact set phone_number = '1' where id = 4`,
    { 'one-person-per-identifier': [4] },
  ],
]

async function brokenDatabase(sql: string) {
  const database = await createTestDatabase()
  await database.db.unsafe(TWO_PERSONS + WITHOUT_CONSTRAINTS + sql)
  return database
}

/** What is wrong, by name, as far as it can be repaired. */
async function faultsOf(db: Client, options?: VerifyOptions) {
  const { findings, holds } = await verify(db, options)
  const broken = findings.filter(({ level, count }) => level === 'fault' && count > 0)
  expect(holds).toBe(broken.length === 0)
  for (const { count, examples } of broken) expect(examples.length).toBe(Math.min(10, count))
  return Object.fromEntries(broken.map(({ name, examples }) => [name, examples.map(({ contactId }) => contactId)]))
}

describe.each(FAULTS)('%s', (_, sql, expected) => {
  it('is found by name, whatever the size of a page, and repaired for good', async () => {
    await using database = await brokenDatabase(sql)
    const { db, pool } = database
    expect(await faultsOf(db)).toEqual(expected)
    expect(await faultsOf(db, { pageSize: 2 })).toEqual(expected)
    expect(await repair(pool, { pageSize: 2, patienceMs: 5_000 })).not.toEqual({})
    expect(await faultsOf(db)).toEqual({})
    expect(await repair(pool, { patienceMs: 5_000 })).toEqual({})
  })
})

it('holds after any requests and deletions, and says what nothing on record joins', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  const orders = fc.array(datedRequestArbitrary(), { minLength: 3, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(orders, orders, fc.integer({ min: 2, max: 5 }), async (before, after, nth) => {
      await database.db`truncate contact restart identity cascade`
      await store.identify(1, before)
      await database.db`update contact set deleted_at = now() where workspace_id = 1 and id % ${nth} = 0`
      await store.identify(1, after)
      expect(await faultsOf(database.db, { pageSize: 3 })).toEqual({})
      expect(await repair(database.pool, { patienceMs: 5_000 })).toEqual({})
    }),
    { numRuns: 40 },
  )
  await database.db`truncate contact restart identity cascade`
  const [ann, bob] = ['ann@example.com', 'bob@example.com']
  const phoneNumber = '1'
  await store.identify(1, [
    { email: ann!, phoneNumber: null },
    { email: bob!, phoneNumber },
    { email: ann!, phoneNumber },
  ])
  const joined = async () => {
    const { holds, findings } = await verify(database.db)
    expect(holds).toBe(true)
    return findings.find(({ name }) => name === 'joined-by-values')
  }
  expect(await joined()).toMatchObject({ count: 0 })
  // As one that was merged before bridges were kept.
  await database.db`truncate bridge`
  expect(await joined()).toMatchObject({
    level: 'information',
    count: 1,
    examples: [{ workspaceId: 1, contactId: 1 }],
  })
})

it('verifies and repairs while the service writes', async () => {
  await using database = await createTestDatabase()
  await using cleanup = new AsyncDisposableStack()
  const client = openClient(database.url)
  cleanup.defer(() => client.end({ timeout: 1 }))
  const store = new PostgresStore(database.pool)
  const requests = fc.sample(requestArbitrary('', 80), 400)
  let isWriting = true
  const writing = Promise.all(requests.map((request) => store.identify(1, [request]))).finally(() => {
    isWriting = false
  })
  do {
    expect(await faultsOf(client, { pageSize: 20 })).toEqual({})
    // Nobody finds these values until they are claimed again; meanwhile the service may make them a second person.
    await client`update contact set claimed = null where workspace_id = 1 and (email like '%7%' or phone_number like '%7%')`
    await repair(database.pool, { pageSize: 20, patienceMs: 5_000 })
  } while (isWriting)
  await writing
  await repair(database.pool, { patienceMs: 5_000 })
  expect(await faultsOf(client)).toEqual({})
})

it('warns of what it cannot repair, shows no personal data, and goes on to other workspaces', async () => {
  await using database = await brokenDatabase(`
    insert into contact (workspace_id, id, email, link_precedence) values (7, 5, 'Eve@Example.com', 'primary')`)
  const options = { patienceMs: 5_000 }
  expect(await faultsOf(database.db, { workspaceId: 1 })).toEqual({})
  expect(await faultsOf(database.db)).toEqual({ 'known-workspace': [5], 'values-indexed': [5] })
  expect(await repair(database.pool, { ...options, workspaceId: 1 })).toEqual({})
  expect(await repair(database.pool, options)).toEqual({ 'values-indexed': 1 })
  const verification = await verify(database.db)
  expect(await faultsOf(database.db)).toEqual({ 'known-workspace': [5] })
  expect(verification.findings.find(({ name }) => name === 'canonical-values')).toMatchObject({ count: 1 })
  expect(JSON.stringify(verification).toLowerCase()).not.toContain('example.com')
})
