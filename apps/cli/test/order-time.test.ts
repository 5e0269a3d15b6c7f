import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readOrderTime } from '../src/orders/order-time.ts'

const NOW_MS = Date.UTC(2024, 1, 29, 12)

it.each([
  ['2024-02-29T12:00:00Z', NOW_MS],
  ['2024-02-29 12:00', NOW_MS],
  ['2024-02-29T17:30:00+05:30', NOW_MS],
  ['2024-02-29T06:30:00-0530', NOW_MS],
  ['2024-02-29 13:00+01', NOW_MS],
  ['2024-02-29t11:59 z', NOW_MS - 60_000],
  ['2024-02-29T11:59:59.5', NOW_MS - 500],
  ['2024-02-29T11:59:59.0109999 +00:00', NOW_MS - 990],
  ['2023-04-01', Date.UTC(2023, 3, 1)],
  ['', Number.NaN],
  [null, Number.NaN],
])('%j is a time, or none', (input, timeMs) => {
  expect(readOrderTime(input, NOW_MS)).toBe(timeMs)
})

it('a time that Date writes is read as Date has it', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0100-01-01'), max: new Date(NOW_MS), noInvalidDate: true }), (time) => {
      expect(readOrderTime(time.toISOString(), NOW_MS)).toBe(time.getTime())
    }),
  )
})

it.each(['2023-02-29', '2024-02-29T24:00:00Z', 'yesterday', 17])('%j is none that can be read', (input) => {
  expect(readOrderTime(input, NOW_MS)).toMatchObject({ problem: expect.stringContaining('must be such as') })
})

it('a time to come is refused', () => {
  expect(readOrderTime('2024-02-29T12:00:00.001Z', NOW_MS)).toEqual({
    problem: 'the order\'s time must not lie in the future; found "2024-02-29T12:00:00.001Z".',
  })
})
