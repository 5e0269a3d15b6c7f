import { type Contact, canonicalRequest } from '@identity/core'
import type { Client } from '@identity/core/postgres'
import { allClaims, allContacts, orders, ordersExpected } from '@identity/testkit'
import { expect } from 'vitest'

/** Checks that the database holds what the 20,000 orders come to, whose primary is whose included. */
export async function expectAllOrders(db: Client): Promise<void> {
  const { persons, contacts, identifiers, rejected, personOf, defaultRegion } = ordersExpected()
  const rows = await allContacts(db)
  const claims = await allClaims(db)
  expect({
    persons: rows.filter(({ linkedId }) => linkedId === null).length,
    contacts: rows.length,
    identifiers: claims.length,
  }).toEqual({ persons, contacts, identifiers })

  const orderAt = new Map(orders().map(({ orderId, orderedAt }) => [new Date(orderedAt).getTime(), orderId]))
  const rootOf = rootsOf(rows)
  const makerOf = new Map(
    claims.map(({ kind, value, contactId }) => [kind + value, orderAt.get(rootOf.get(contactId)!.createdAt.getTime())]),
  )
  const refused = new Set(rejected)
  const found = orders()
    .filter(({ orderId }) => !refused.has(orderId))
    .map((order) => {
      const { email, phoneNumber } = canonicalRequest(order, { defaultRegion })
      return [order.orderId, makerOf.get(email === null ? `phone${phoneNumber}` : `email${email}`)]
    })
  expect(Object.fromEntries(found)).toEqual(personOf)
}

/** Every contact with its person's oldest, by values and times: what must be the same however it came in. */
export async function personsOf(db: Client): Promise<string[]> {
  const rows = await allContacts(db)
  const rootOf = rootsOf(rows)
  const told = ({ email, phoneNumber, createdAt }: Contact) => [email, phoneNumber, createdAt.toISOString()].join()
  return rows.map((contact) => `${told(contact)} ${told(rootOf.get(contact.id)!)}`).sort()
}

function rootsOf(rows: readonly Contact[]): Map<number, Contact> {
  const byId = new Map(rows.map((contact) => [contact.id, contact]))
  return new Map(rows.map((contact) => [contact.id, byId.get(contact.linkedId ?? contact.id)!]))
}

/** Waits until the database holds contacts. */
export async function untilContacts(db: Client): Promise<void> {
  for (;;) {
    const [{ count }] = await db<[{ count: number }]>`select count(*)::int as count from contact`
    if (count > 0) return
  }
}
