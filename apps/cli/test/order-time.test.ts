import { expect, it } from 'vitest'
import { readOrderTime } from '../src/orders/order-time.ts'

const NOW_MS = Date.UTC(2024, 1, 29, 12)

it.each([
  ['2024-02-29T12:00:00Z', NOW_MS],
  ['2024-02-29 12:00', NOW_MS],
  ['2024-02-29T17:30:00+05:30', NOW_MS],
  ['2023-04-01', Date.UTC(2023, 3, 1)],
  ['', Number.NaN],
  [null, Number.NaN],
])('%j is a time, or none', (input, timeMs) => {
  expect(readOrderTime(input, NOW_MS)).toBe(timeMs)
})

it.each(['2023-02-29', '2024-02-29T24:00:00Z', 'yesterday', 17])('%j is none that can be read', (input) => {
  expect(readOrderTime(input, NOW_MS)).toMatchObject({ problem: expect.stringContaining('must be such as') })
})

it('a time to come is refused', () => {
  expect(readOrderTime('2024-02-29T12:00:00.001Z', NOW_MS)).toEqual({
    problem: 'the order\'s time must not lie in the future; found "2024-02-29T12:00:00.001Z".',
  })
})
