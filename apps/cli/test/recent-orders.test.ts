import { requestArbitrary } from '@identity/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecentOrders } from '../src/import/recent-orders.ts'

const pairOf = (email: string | null, phoneNumber: string | null) => ({ email, phoneNumber })

it('an order is repeated only if one with both its values came before', () => {
  const recent = new RecentOrders()
  const came = new Set<string>()
  fc.assert(
    fc.property(requestArbitrary(), ({ email, phoneNumber }) => {
      const pair = `${email} ${phoneNumber}`
      const isRepeated = recent.isRepeated({ email, phoneNumber })
      expect(isRepeated && !came.has(pair)).toBe(false)
      came.add(pair)
    }),
    { numRuns: 1_000 },
  )
})

it('of 200,000 different orders none is taken for another, and of the last of them most are remembered', () => {
  const recent = new RecentOrders()
  const orders = Array.from({ length: 200_000 }, (_, n) => pairOf(`customer${n}@example.com`, String(9_000_000 + n)))
  expect(orders.filter((order) => recent.isRepeated(order))).toEqual([])
  expect(orders.slice(-50_000).filter((order) => recent.isRepeated(order)).length).toBeGreaterThan(40_000)
})

it.each([
  ['too long', pairOf(`${'a'.repeat(60)}@example.com`, '1')],
  ['too long with its phone', pairOf(`${'a'.repeat(40)}@example.com`, '12345678901234567890')],
  ['not ASCII', pairOf('änn@example.com', '1')],
])('%s: not remembered, and never taken for another', (_, order) => {
  const recent = new RecentOrders()
  expect([recent.isRepeated(order), recent.isRepeated(order)]).toEqual([false, false])
})

it.each([
  ['a phone alone', pairOf(null, '1')],
  ['an e-mail alone', pairOf('1@example.com', null)],
  ['what fills the slot', pairOf(`${'a'.repeat(50)}@example.com`, '1')],
])('%s: remembered', (_, order) => {
  const recent = new RecentOrders()
  expect([recent.isRepeated(order), recent.isRepeated(order)]).toEqual([false, true])
})
