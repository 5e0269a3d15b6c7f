import { barOf, lineOf } from '@identity/cli'
import { expect, it } from 'vitest'

const half = { rows: 500_000, bytesRead: 50, bytesTotal: 100, elapsedMs: 10_000 }

it('a bar on a terminal: part, rows, rows/s, time left', () => {
  expect(barOf({ ...half, columns: 100 })).toBe(
    `▕${'█'.repeat(15)}${' '.repeat(15)}▏ 50 %  500,000 rows  50,000 rows/s  0:10 left`,
  )
})

it('is never wider than the terminal', () => {
  for (const columns of [1, 10, 50, 60, 70, 200])
    expect(barOf({ ...half, columns }).length).toBeLessThanOrEqual(columns)
})

it('without a size, as from a pipe, there is no part and no time left', () => {
  expect(lineOf({ ...half, bytesTotal: undefined })).toBe('500,000 rows  50,000 rows/s')
  expect(barOf({ ...half, bytesTotal: undefined, columns: 80 })).toBe('500,000 rows  50,000 rows/s')
})

it('long times in hours; nothing is promised before the first byte', () => {
  expect(lineOf({ ...half, bytesRead: 1, elapsedMs: 60_000 })).toContain('1:39:00 left')
  expect(lineOf({ rows: 0, bytesRead: 0, bytesTotal: 100, elapsedMs: 0 })).toBe('0 %  0 rows  0 rows/s')
})
