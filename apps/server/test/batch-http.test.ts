import type { IdentifyBatchResponse } from '@identity/api'
import { allContacts, createTestDatabase, startLocalServer, type TestDatabase, takeAway } from '@identity/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

const cleanup = new AsyncDisposableStack()
let database: TestDatabase
let url: string

beforeAll(async () => {
  database = cleanup.use(await createTestDatabase())
  url = cleanup.use(await startLocalServer({ DATABASE_URL: database.url, REQUEST_TIMEOUT_MS: '300' })).url
})
afterAll(() => cleanup.disposeAsync())

function post(body: unknown): Promise<Response> {
  return fetch(`${url}/identify/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

it('answers each request in its place, as if sent one after another', async () => {
  const response = await post({
    requests: [
      { email: 'ann@example.com', phoneNumber: '1' },
      { email: 'ann' },
      { email: 'ann@example.com', phoneNumber: 2 },
      7,
      { phoneNumber: '2' },
    ],
  })
  expect(response.status).toBe(200)
  const { results } = (await response.json()) as IdentifyBatchResponse
  expect(results.map(({ status }) => status)).toEqual(['ok', 'error', 'ok', 'error', 'ok'])
  expect(results[1]).toMatchObject({ error: { code: 'invalid_request', problems: [{ field: 'email' }] } })
  expect(results[4]).toMatchObject({ contact: { emails: ['ann@example.com'], phoneNumbers: ['1', '2'] } })
})

it('takes 1,000 of the longest requests, and none at all', async () => {
  const email = (n: number) => `${String(n).padStart(64, 'x')}@${`${'y'.repeat(61)}.`.repeat(3)}zz`
  const requests = Array.from({ length: 1_000 }, (_, n) => ({ email: email(n % 10), phoneNumber: '9'.repeat(20) }))
  const { results } = (await (await post({ requests })).json()) as IdentifyBatchResponse
  expect(results.filter(({ status }) => status === 'ok')).toHaveLength(1_000)
  expect(await (await post({ requests: [] })).json()).toEqual({ results: [] })
})

it.each([
  [null, 'body'],
  [[{ email: 'ann@example.com' }], 'body'],
  [{}, 'requests'],
  [{ requests: 'ann@example.com' }, 'requests'],
  [{ requests: Array(1_001).fill({ phoneNumber: '1' }) }, 'requests'],
])('refuses %j', async (body, field) => {
  const response = await post(body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'invalid_request', errors: [{ field }] })
})

it('where no request can be served the whole fails, with the time to try again', async () => {
  await using fresh = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: fresh.url, REQUEST_TIMEOUT_MS: '300' })
  const bringBack = await takeAway(fresh)
  const response = await fetch(`${server.url}/identify/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ requests: Array.from({ length: 1_000 }, (_, n) => ({ phoneNumber: n })) }),
  })
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  await bringBack()
  expect(await allContacts(fresh.db)).toEqual([])
})
