import { canonicalRequest, identifiersOf } from '@identity/core'
import { orders, ordersExpected } from '@identity/testkit'
import Papa from 'papaparse'
import { expect, it } from 'vitest'
import { readOrders } from '../src/read-orders.ts'
import { reconcileOrders } from '../src/reconcile-orders.ts'
import { SAMPLE } from '../src/sample.ts'

it('the sample: the documented examples, and a line that is refused', async () => {
  expect(await reconcileOrders(readOrders(SAMPLE))).toEqual({
    orders: 8,
    persons: [
      {
        primaryContactId: 1,
        emails: ['lorraine@hillvalley.edu', 'mcfly@hillvalley.edu'],
        phoneNumbers: ['123456'],
        secondaryContactIds: [2],
        firstLine: 2,
      },
      {
        primaryContactId: 3,
        emails: ['newunkonown@hillvalley.edu'],
        phoneNumbers: ['789012'],
        secondaryContactIds: [],
        firstLine: 5,
      },
      {
        primaryContactId: 4,
        emails: ['george@hillvalley.edu', 'biffsucks@hillvalley.edu'],
        phoneNumbers: ['919191', '717171'],
        secondaryContactIds: [5],
        firstLine: 6,
      },
    ],
    merges: 1,
    refused: [{ line: 9, problem: 'email must be an address such as "ann@example.com"; found "marty".' }],
  })
})

it('refused lines come by line, whoever refused them, and count as orders', async () => {
  const csv = 'email,phone\nann,\nann@example.com,1,2\n,\n ,none\nann@example.com,'
  const { orders, persons, refused } = await reconcileOrders(readOrders(csv))
  expect({ orders, persons: persons.length, lines: refused.map(({ line }) => line) }).toEqual({
    orders: 4,
    persons: 1,
    lines: [2, 3, 5],
  })
})

it('20,000 orders: the persons and the refused lines that are expected', async () => {
  const all = orders()
  const { defaultRegion, rejected, personOf, persons: count } = ordersExpected()
  const csv = Papa.unparse(all, { columns: ['orderId', 'orderedAt', 'email', 'phoneNumber'] })
  const { persons, refused, ...outcome } = await reconcileOrders(readOrders(csv), { defaultRegion })
  const orderOn = (line: number) => all[line - 2]!.orderId
  expect(outcome.orders).toBe(all.length)
  expect(persons).toHaveLength(count)
  expect(refused.map(({ line }) => orderOn(line))).toEqual(rejected)

  const firstOrders = new Map<string, string>()
  for (const { emails, phoneNumbers, firstLine } of persons) {
    for (const value of [...emails, ...phoneNumbers]) firstOrders.set(value, orderOn(firstLine))
  }
  const accepted = all.filter(({ orderId }) => !rejected.includes(orderId))
  const found = accepted.map((order) => {
    const values = identifiersOf(canonicalRequest(order, { defaultRegion })).map(({ value }) => firstOrders.get(value))
    return [order.orderId, new Set(values)]
  })
  expect(found).toEqual(accepted.map(({ orderId }) => [orderId, new Set([personOf[orderId]])]))
})

it('pauses after each order, and ends where a pause throws', async () => {
  const seen: number[] = []
  await reconcileOrders(readOrders(SAMPLE), { pause: async (done) => void seen.push(done) })
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  const enough = new Error('enough')
  const stopped = reconcileOrders(readOrders(SAMPLE), { pause: () => Promise.reject(enough) })
  await expect(stopped).rejects.toBe(enough)
})
