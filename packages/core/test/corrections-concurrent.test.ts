import {
  canonicalRequest,
  type IdentifyRequest,
  IdentityError,
  type PersonsMerged,
  type RecordedEvent,
} from '@identity/core'
import { Pool, PostgresStore, verify } from '@identity/core/postgres'
import { allContacts, createTestDatabase, personsOf, replay } from '@identity/testkit'
import { expect, it } from 'vitest'

/** The same numbers for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

it('two servers identify, correct the same persons at once: data and log stay right', async () => {
  await using database = await createTestDatabase()
  await using cleanup = new AsyncDisposableStack()
  const stores = [0, 1].map(() => {
    const pool = new Pool(database.url)
    cleanup.defer(() => pool.end())
    return new PostgresStore(pool, { timeoutMs: 20_000 })
  })
  const random = randomOf(7)
  const request = (): IdentifyRequest => ({
    email: random(5) === 0 ? null : `${random(6)}@example.com`,
    phoneNumber: `${1 + random(6)}`,
  })
  const refused: string[] = []
  let merges: Array<RecordedEvent & PersonsMerged> = []
  const client = async (n: number) => {
    const { corrections } = stores[n % 2]!
    for (let step = 0; step < 25; step++) {
      const contacts = await stores[n % 2]!.events(1, { limit: 1_000 })
      merges = contacts.filter((event) => event.type === 'persons.merged')
      const id =
        1 +
        random(Math.max(1, contacts.filter(({ type }) => type === 'contact.added' || type === 'person.created').length))
      const merge = merges[random(Math.max(1, merges.length))]
      const works = [
        () => stores[n % 2]!.identify(1, [canonicalRequest(request())]),
        () => stores[n % 2]!.identify(1, [canonicalRequest(request())]),
        () => corrections.split(1, { contactIds: [id], keepApart: false }),
        () => (merge ? corrections.undo(1, merge.id) : Promise.resolve()),
        () => corrections.deleteContact(1, id),
        () => corrections.restoreContact(1, id),
        () => (step % 4 === 0 ? corrections.erase(1, { contactId: id, reason: null }) : Promise.resolve()),
      ]
      await works[random(works.length)]!().catch((error: unknown) => {
        if (!(error instanceof IdentityError) || !['conflict', 'not_found'].includes(error.code)) throw error
        refused.push(error.code)
      })
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, n) => client(n)))
  const verification = await verify(database.db)
  expect(verification.findings.filter(({ level, count }) => level === 'fault' && count > 0)).toEqual([])
  const events = await stores[0]!.events(1, { limit: 1_000 })
  expect(replay(events)).toEqual(personsOf(await allContacts(database.db)))
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(4)
  expect(refused.length).toBeLessThan(150)
})
