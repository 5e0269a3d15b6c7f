import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Rest } from '../src/postgres/corrections/rest.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('lasts eight times as long as the turn before it, and two seconds and a half at the most', () => {
  const onOver = vi.fn()
  const rest = new Rest(onOver)
  rest.begin(100)
  vi.advanceTimersByTime(799)
  expect(rest.isOver).toBe(false)
  vi.advanceTimersByTime(1)
  expect(rest.isOver).toBe(true)
  expect(onOver).toHaveBeenCalledOnce()
  rest.begin(10_000)
  vi.advanceTimersByTime(2_500)
  expect(rest.isOver).toBe(true)
})

it('is none after a short turn, and that of the last turn only', () => {
  const onOver = vi.fn()
  const rest = new Rest(onOver)
  rest.begin(49)
  expect(rest.isOver).toBe(true)
  rest.begin(100)
  rest.begin(200)
  vi.advanceTimersByTime(1_599)
  expect(rest.isOver).toBe(false)
  rest.begin(1)
  expect(rest.isOver).toBe(true)
  vi.runAllTimers()
  expect(onOver).not.toHaveBeenCalled()
})
