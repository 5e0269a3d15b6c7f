import { describe, expect, it } from 'vitest'
import {
  isConnectionLost,
  LocksOutdated,
  OutcomePending,
  RETRIED_CODES,
  type RetryEvent,
  RulesOutdated,
  withRetry,
} from '../src/postgres/retry.ts'

const IN_TIME = { deadlineMs: Number.POSITIVE_INFINITY }
const failure = (code: string, severity?: string) => Object.assign(new Error('it failed'), { code, severity })

/** Work that fails with each of these in turn and then succeeds. */
function failing(...failures: Error[]) {
  let calls = 0
  return {
    calls: () => calls,
    work: async () => {
      const next = failures[calls++]
      if (next) throw next
      return 'done'
    },
  }
}

describe('work is repeated', () => {
  it.each([
    '40001',
    '40P01',
    '23505',
    '57P01',
    '53300',
    'XX000',
    'ECONNREFUSED',
    'CONNECTION_CLOSED',
    'CONNECT_TIMEOUT',
  ])('after %s', async (code) => {
    const { work, calls } = failing(failure(code))
    expect(await withRetry(work, IN_TIME)).toBe('done')
    expect(calls()).toBe(2)
  })

  it('until it succeeds, and each repetition is reported with its reason', async () => {
    const events: RetryEvent[] = []
    const { work } = failing(failure('40P01'), new LocksOutdated([1]), failure('08006', 'FATAL'))
    await withRetry(work, { ...IN_TIME, onRetry: (event) => events.push(event) })
    expect(events.map(({ code, attempt }) => [code, attempt])).toEqual([
      ['40P01', 1],
      ['LOCKS_OUTDATED', 2],
      ['08006', 3],
    ])
    expect(events[0]!.reason).toBe('deadlock')
  })

  it('after what is found to be outdated or undecided, under a code that metrics know', async () => {
    const found = [new LocksOutdated([1]), new RulesOutdated(), new OutcomePending('not decided')]
    const { work } = failing(...found)
    const codes: string[] = []
    await withRetry(work, { ...IN_TIME, onRetry: ({ code }) => codes.push(code) })
    expect(codes).toHaveLength(found.length)
    expect(RETRIED_CODES).toEqual(expect.arrayContaining(codes))
  })
})

describe('work is not repeated', () => {
  it.each(['23514', '23503', '42601', '22021', 'UNKNOWN'])('after %s', async (code) => {
    const { work, calls } = failing(failure(code))
    await expect(withRetry(work, IN_TIME)).rejects.toMatchObject({ code })
    expect(calls()).toBe(1)
  })

  it('once time is up: unavailable, with the last failure as its cause', async () => {
    const last = failure('40001')
    const { work } = failing(last)
    await expect(withRetry(work, { deadlineMs: Date.now() - 1 })).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterS: 1,
      cause: last,
    })
  })
})

it('a FATAL error is the last thing that a connection says', () => {
  expect(isConnectionLost(failure('57P01', 'FATAL'))).toBe(true)
  expect(isConnectionLost(failure('57014', 'ERROR'))).toBe(false)
})
