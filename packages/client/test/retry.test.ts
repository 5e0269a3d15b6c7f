import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { pauseMs } from '../src/backoff.ts'
import {
  createIdentityClient,
  type IdentityClient,
  IdentityClientError,
  type IdentityClientOptions,
} from '../src/index.ts'
import { type Answer, answer, failureOf, failures, persons, scriptedFetch } from './scripted-fetch.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const AWAY = failures(1, { identityCode: 'unavailable', httpStatus: 503, retryAfterS: 1 })
const BROKEN = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })

function clientOf(answers: Answer[], options: Partial<IdentityClientOptions> = {}) {
  const { fetch, sent } = scriptedFetch(...answers)
  return { client: createIdentityClient({ url: 'http://identity.test', fetch, ...options }), sent }
}

it.each<[what: string, failure: Answer]>([
  ['503 in the envelope', AWAY],
  ['503 of a proxy', answer(503, '')],
  ['429 as a problem document', answer(429, '{"code":"rate_limited","detail":"Wait."}', { 'retry-after': '2' })],
  ['a network fault', BROKEN],
])('%s is repeated until it goes well', async (_, failure) => {
  const { client, sent } = clientOf([failure, failure, persons(1)])
  const call = client.identify.mutate({ phoneNumber: '1' })
  await vi.runAllTimersAsync()
  expect((await call).contact.primaryContactId).toBe(1)
  expect(sent).toHaveLength(3)
})

it.each<[what: string, failure: Answer]>([
  ['400', failures(1, { identityCode: 'invalid_request', httpStatus: 400 })],
  ['500', failures(1, { identityCode: 'internal', httpStatus: 500 })],
  ['a web page', answer(200, '<html>')],
])('%s is not', async (_, failure) => {
  const { client, sent } = clientOf([failure])
  const call = failureOf(client.identify.mutate({ phoneNumber: '1' }))
  await vi.runAllTimersAsync()
  await call
  expect(sent).toHaveLength(1)
})

it.each<[what: string, call: (client: IdentityClient) => Promise<unknown>]>([
  ['an endpoint that is made', ({ webhooks }) => webhooks.create.mutate({ url: 'https://shop.example/hooks' })],
  ['a new secret', ({ webhooks }) => webhooks.rotateSecret.mutate({ id: 1 })],
])('%s is not, as it would be made twice where only the answer was lost', async (_, call) => {
  const { client, sent } = clientOf([BROKEN])
  const failure = failureOf(call(client))
  await vi.runAllTimersAsync()
  expect(await failure).toMatchObject({ code: 'unreachable' })
  expect(sent).toHaveLength(1)
})

it('gives up after maxAttempts, and says how many there were', async () => {
  const { client, sent } = clientOf([BROKEN])
  const call = failureOf(client.identify.mutate({ phoneNumber: '1' }))
  await vi.runAllTimersAsync()
  expect(await call).toMatchObject({ code: 'unreachable', message: expect.stringContaining('(6 attempts)') })
  expect(sent).toHaveLength(6)
})

it('retry: false never repeats', async () => {
  const { client, sent } = clientOf([BROKEN], { retry: false })
  const call = failureOf(client.identify.mutate({ phoneNumber: '1' }))
  await vi.runAllTimersAsync()
  expect((await call).message).not.toContain('attempts')
  expect(sent).toHaveLength(1)
})

it('waits as long as Retry-After says', async () => {
  const { client, sent } = clientOf([AWAY, persons(1)])
  const call = client.identify.mutate({ phoneNumber: '1' })
  await vi.advanceTimersByTimeAsync(990)
  expect(sent).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(220)
  expect(sent).toHaveLength(2)
  await call
})

it('does not wait for what would come too late', async () => {
  const { client, sent } = clientOf([answer(429, '', { 'retry-after': '60' })])
  const call = failureOf(client.identify.mutate({ phoneNumber: '1' }))
  await vi.advanceTimersByTimeAsync(10)
  expect(await call).toMatchObject({ code: 'rate_limited', retryAfterS: 60 })
  expect(sent).toHaveLength(1)
})

it.each<[what: string, failure: Answer]>([
  ['the server', failures(20, { identityCode: 'unavailable', httpStatus: 503 })],
  ['the network', BROKEN],
])('calls that %s failed together are repeated together', async (_, failure) => {
  const { client, sent } = clientOf([failure, failure, persons(20)])
  const calls = Promise.all(Array.from({ length: 20 }, (_, n) => client.identify.mutate({ phoneNumber: n })))
  await vi.runAllTimersAsync()
  expect(await calls).toHaveLength(20)
  expect(sent.map((request) => request.calls)).toEqual([20, 20, 20])
})

it('a pause is between what the server asked for and the back-off on top of it', () => {
  const options = { timeoutMs: 10_000, maxAttempts: 20, baseDelayMs: 100, maxDelayMs: 2_000 }
  const attempts = fc.integer({ min: 1, max: 19 })
  const retryAfterS = fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined })
  fc.assert(
    fc.property(attempts, fc.double({ min: 0, max: 1, noNaN: true }), retryAfterS, (n, random, seconds) => {
      const error = new IdentityClientError('unavailable', '', { retryAfterS: seconds })
      const askedMs = (seconds ?? 0) * 1_000
      const pause = pauseMs(error, n, random, options)!
      expect(pause).toBeGreaterThanOrEqual(askedMs)
      expect(pause).toBeLessThanOrEqual(askedMs + Math.min(2_000, 100 * 2 ** (n - 1)))
    }),
  )
})
