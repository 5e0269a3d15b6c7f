import { type CanonicalRequest, canonicalRequest, IdentityError } from '@identity/core'
import { PostgresStore } from '@identity/core/postgres'
import { allClaims, allContacts, createTestDatabase, orders, ordersExpected } from '@identity/testkit'
import { expect, it } from 'vitest'
import { identity } from './support/identity.ts'
import { csvOf, ndjsonOf, temporaryFolder } from './support/orders-files.ts'

function requests(): CanonicalRequest[] {
  return orders().flatMap((order) => {
    try {
      return [canonicalRequest(order, { defaultRegion: 'IN' })]
    } catch (error) {
      if (error instanceof IdentityError) return []
      throw error
    }
  })
}

it('two imports and live calls of the same orders at once come to the same persons', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  const store = new PostgresStore(database.pool)
  const env = { DATABASE_URL: database.url }
  const backwards = orders().toReversed()
  const [first, second] = await Promise.all([
    identity(['import', '-', '--rejected', 'a'], { cwd: folder.path, env, input: ndjsonOf() }),
    identity(['import', '-', '--rejected', 'b'], { cwd: folder.path, env, input: csvOf(backwards) }),
    (async () => {
      const all = requests()
      for (let n = 0; n < all.length; n += 50) await store.identify(1, all.slice(n, n + 50))
    })(),
  ])
  expect([first.code, second.code]).toEqual([3, 3])
  const { persons, identifiers } = ordersExpected()
  const contacts = await allContacts(database.db)
  expect(contacts.filter(({ linkedId }) => linkedId === null)).toHaveLength(persons)
  expect(await allClaims(database.db)).toHaveLength(identifiers)
  const secondaries = new Set(contacts.filter(({ linkedId }) => linkedId !== null).map(({ id }) => id))
  expect(contacts.filter(({ linkedId }) => secondaries.has(linkedId!))).toEqual([])
})
