import { MAX_BATCH_REQUESTS } from '@identity/api'
import { components } from '@identity/checker'
import { canonicalRequest } from '@identity/core'
import {
  allClaims,
  allContacts,
  createTestDatabase,
  type Order,
  orders,
  ordersExpected,
  startLocalServer,
} from '@identity/testkit'
import { expect, it } from 'vitest'

const expected = ordersExpected()

/** Sends orders one after another, as a shop's checkout does. @returns the ids of those that were refused */
async function sendAll(url: string, list: readonly Order[]): Promise<string[]> {
  const refused: string[] = []
  for (const { orderId, email, phoneNumber } of list) {
    const response = await fetch(`${url}/identify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, phoneNumber }),
    })
    await response.arrayBuffer()
    if (response.status === 400) refused.push(orderId)
    else if (response.status !== 200) throw new Error(`order ${orderId} was answered ${response.status}`)
  }
  return refused
}

/** Sends orders as they came, many a call. @returns the ids of those that were refused */
async function sendInBatches(url: string, list: readonly Order[], size: number): Promise<string[]> {
  const refused: string[] = []
  for (let from = 0; from < list.length; from += size) {
    const batch = list.slice(from, from + size)
    const requests = batch.map(({ email, phoneNumber }) => ({ email, phoneNumber }))
    const response = await fetch(`${url}/identify/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requests }),
    })
    if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`)
    const { results } = (await response.json()) as { results: Array<{ status: 'ok' | 'error' }> }
    for (const [n, { status }] of results.entries()) if (status !== 'ok') refused.push(batch[n]!.orderId)
  }
  return refused
}

it('20,000 orders in the order in which they came: persons, contacts, identifiers and refused orders as expected', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url, DEFAULT_REGION: expected.defaultRegion })
  const refused = await sendInBatches(server.url, orders(), MAX_BATCH_REQUESTS)
  expect(refused).toEqual(expected.rejected)
  const contacts = await allContacts(database.db)
  expect(contacts).toHaveLength(expected.contacts)
  expect(contacts.filter(({ linkedId }) => linkedId === null)).toHaveLength(expected.persons)
  expect(await allClaims(database.db)).toHaveLength(expected.identifiers)
}, 120_000)

it('the same orders from sixteen senders at once, a quarter of them with one order a call: the same persons and identifiers', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url, DEFAULT_REGION: expected.defaultRegion })
  const all = orders()
  const shares = Array.from({ length: 16 }, (_, sender) => all.filter((_, n) => n % 16 === sender))
  const refused = await Promise.all(
    shares.map((share, n) => (n % 4 === 0 ? sendAll(server.url, share) : sendInBatches(server.url, share, 20))),
  )
  expect(refused.flat().toSorted()).toEqual(expected.rejected)

  const rootOf = new Map((await allContacts(database.db)).map(({ id, linkedId }) => [id, linkedId ?? id]))
  const claims = await allClaims(database.db)
  expect(claims).toHaveLength(expected.identifiers)
  const byPerson = Map.groupBy(claims, ({ contactId }) => rootOf.get(contactId))
  expect(byPerson.size).toBe(expected.persons)
  const rejected = new Set(expected.rejected)
  const accepted = all.filter(({ orderId }) => !rejected.has(orderId))
  const canonical = accepted.map((order) => canonicalRequest(order, { defaultRegion: 'IN' }))
  const found = [...byPerson.values()].map((own) => own.map(({ kind, value }) => `${kind}:${value}`))
  expect(new Set(found.map((identifiers) => identifiers.toSorted().join()))).toEqual(
    new Set(components(canonical).map((group) => group.join())),
  )
}, 120_000)
