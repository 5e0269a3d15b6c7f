import { request } from 'node:http'
import { createIdentityClient } from '@identity/client'
import { createKey } from '@identity/core/postgres'
import { createTestDatabase, postIdentify, startLocalServer, startServer, takeAway } from '@identity/testkit'
import { expect, it } from 'vitest'
import { freePort } from '../../../packages/embedded-postgres/src/free-port.ts'
import { until } from '../../../packages/embedded-postgres/test/support/until.ts'
import { holdWrites } from './hold-writes.ts'
import { scrape } from './scrape.ts'
import { workersOf } from './worker-processes.ts'

const requests = (route: string, outcome: string, method = 'POST') =>
  `identity_requests_total{method="${method}",route="${route}",outcome="${outcome}"}`

it('counts requests by route and outcome, persons, batches, and what is refused; nothing of whom', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url })
  const client = createIdentityClient({ url: server.url })
  const ask = (path: string, init?: RequestInit) => fetch(server.url + path, init).then((response) => response.text())
  const secret = { email: 'secret.person@example.com', phoneNumber: '4915112345678' }
  await postIdentify(server.url, secret)
  await postIdentify(server.url, secret)
  await postIdentify(server.url, { email: 'other@example.com', phoneNumber: '1' })
  await postIdentify(server.url, { email: 'other@example.com', phoneNumber: '2' })
  await postIdentify(server.url, { email: 'other@example.com', phoneNumber: secret.phoneNumber })
  await client.identify.mutate(secret)
  await client.identify.mutate({ email: 'no address' }).catch(() => {})
  await client.identifyMany.mutate([secret, secret, { email: 'no address' }])
  await ask(`/persons?email=${secret.email}`)
  await ask('/persons/12345678')
  await ask(`/${secret.phoneNumber}`, { method: 'SEARCH' })
  await ask(`/trpc/${secret.phoneNumber}`)
  await ask('/%')
  await ask('/identify/', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })

  const { value, has, text } = await scrape(server.url)
  expect(value(requests('/identify', 'created'))).toBe(2)
  expect(value(requests('/identify', 'existing'))).toBe(1)
  expect(value(requests('/identify', 'linked'))).toBe(1)
  expect(value(requests('/identify', 'merged'))).toBe(1)
  expect(value(requests('/identify', 'invalid_request'))).toBe(1)
  expect(value(requests('/trpc/identify', 'existing'))).toBe(1)
  expect(value(requests('/trpc/identify', 'invalid_request'))).toBe(1)
  expect(value(requests('/trpc/identifyMany', 'ok'))).toBe(1)
  expect(value(requests('/trpc', 'not_found', 'GET'))).toBe(1)
  expect(value(requests('/persons', 'ok', 'GET'))).toBe(1)
  expect(value(requests('/persons/:contactId', 'not_found', 'GET'))).toBe(1)
  expect(value(requests('none', 'not_found', 'other'))).toBe(1)
  expect(value(requests('none', 'not_found', 'GET'))).toBe(1)
  expect(value('identity_request_duration_seconds_count{method="POST",route="/identify"}')).toBe(6)
  for (const [outcome, count] of Object.entries({ created: 2, linked: 1, merged: 1, existing: 4, refused: 0 })) {
    expect(value(`identity_persons_total{outcome="${outcome}"}`)).toBe(count)
  }
  expect(value('identity_batch_size_bucket{phase="read",le="1"}')).toBe(6)
  expect(value('identity_batch_size_sum{phase="read"}')).toBe(8)
  expect(value('identity_batch_size_count{phase="write"}')).toBe(4)
  expect(value('identity_retries_total{code="40001"}')).toBe(0)
  expect(value('identity_pool_connections_open')).toBeGreaterThan(0)
  expect(value('identity_pool_connections_in_use')).toBe(0)
  expect(value('identity_lanes{phase="write"}')).toBeGreaterThan(0)
  expect(has(requests('/metrics', 'ok', 'GET'))).toBe(false)
  expect(text).not.toMatch(/secret|example|49151|12345678/)
  // All that somebody can make up is in labels that are there already.
  await ask('/%61%62%63', { method: 'PURGE' })
  await new Promise<void>((resolve) => {
    request(`${server.url}/identify`, { headers: { 'x-long': 'x'.repeat(17_000) } })
      .on('response', (response) => response.resume().on('end', resolve))
      .end()
  })
  const later = await scrape(server.url)
  expect(later.value(requests('none', 'not_found', 'other'))).toBe(2)
  expect(later.value(requests('none', 'headers_too_large', 'other'))).toBe(1)
})

it('shows what waits, what works and what is shed while the database is slower than the callers', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({
    DATABASE_URL: database.url,
    WRITE_LANES: '1',
    BATCH_SIZE: '1',
    QUEUE_SIZE: '2',
    REQUEST_TIMEOUT_MS: '30000',
  })
  const holder = await holdWrites(database)
  const calls: Array<Promise<unknown>> = []
  const gone = new AbortController()
  fetch(`${server.url}/identify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"email":"e0@example.com"}',
    signal: gone.signal,
  }).catch(() => {})
  await holder.waitingTransactions(1)
  const load = async () => {
    const { value } = await scrape(server.url)
    return ['identity_lanes_in_use', 'identity_queue_depth'].map((name) => value(`${name}{phase="write"}`))
  }
  for (const [n, expected] of [
    [1, [1, 1]],
    [2, [1, 2]],
  ] as const) {
    calls.push(postIdentify(server.url, { email: `e${n}@example.com` }))
    await until('it waits', async () => JSON.stringify(await load()) === JSON.stringify(expected))
  }
  const ready = await fetch(`${server.url}/health/ready`)
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'not ready', failures: [{ check: 'queue', detail: expect.stringMatching(/^2 requests wait to write/) }] },
  ])
  await expect(postIdentify(server.url, { email: 'e3@example.com' })).rejects.toThrow('503')
  // Whoever gives up is counted, and what they asked for is done all the same.
  gone.abort()
  const aborted = async () => {
    const { has, value } = await scrape(server.url)
    return has(requests('/identify', 'aborted')) && value(requests('/identify', 'aborted'))
  }
  await until('it is noticed', aborted)
  await holder.release()
  await Promise.all(calls)
  const { value } = await scrape(server.url)
  expect(value(requests('/identify', 'unavailable'))).toBe(1)
  expect(value(requests('/health/ready', 'unavailable', 'GET'))).toBe(1)
  expect(value(requests('/identify', 'created'))).toBe(2)
  expect(value('identity_persons_total{outcome="created"}')).toBe(3)
  expect(await load()).toEqual([0, 0])
})

it('with keys, asks for one of the operator; on METRICS_PORT for none, also while the database is away', async () => {
  await using database = await createTestDatabase()
  const key = async (workspace: string, scope: 'identify' | 'admin') =>
    `Bearer ${(await createKey(database.db, { workspace, scope })).key}`
  const operator = await key('default', 'admin')
  await using server = await startLocalServer({ DATABASE_URL: database.url, RATE_LIMIT_PER_KEY: '1' })
  const status = (authorization?: string) =>
    fetch(`${server.url}/metrics`, { headers: authorization ? { authorization } : {} }).then(({ status }) => status)
  expect(await status()).toBe(401)
  expect(await status(await key('default', 'identify'))).toBe(403)
  expect(await status(await key('elsewhere', 'admin'))).toBe(403)
  const { value } = await scrape(server.url, operator)
  expect(value(requests('/metrics', 'unauthenticated', 'GET'))).toBe(1)
  expect(value(requests('/metrics', 'forbidden', 'GET'))).toBe(2)

  const METRICS_PORT = String(await freePort())
  await using other = await startLocalServer({ DATABASE_URL: database.url, METRICS_PORT, REQUEST_TIMEOUT_MS: '200' })
  expect((await fetch(`${other.url}/metrics`, { headers: { authorization: operator } })).status).toBe(404)
  const bringBack = await takeAway(database)
  const answer = await fetch(`${other.url}/persons/1`, { headers: { authorization: operator } })
  expect(answer.status).toBe(503)
  const away = await scrape(`http://127.0.0.1:${METRICS_PORT}`)
  expect(away.value(requests('/persons/:contactId', 'unavailable', 'GET'))).toBe(1)
  await bringBack()
  await expect(startLocalServer({ DATABASE_URL: database.url, METRICS_PORT })).rejects.toThrow(
    `METRICS_PORT=${METRICS_PORT} cannot be listened on (EADDRINUSE)`,
  )
})

it('of several processes, gives the sum, which does not fall when one of them dies', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url, SERVER_PROCESSES: '2' })
  const ofAll = async () => (await scrape(server.url)).value(requests('/identify', 'existing'))
  const orders = 12
  await postIdentify(server.url, { email: 'ann@example.com' })
  // A connection each: they go to the processes in turn.
  for (let n = 0; n < orders; n++) {
    await new Promise<void>((resolve, reject) => {
      request(`${server.url}/identify`, {
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json' },
      })
        .on('response', (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end('{"email":"ann@example.com"}')
    })
  }
  expect(await ofAll()).toBe(orders)
  expect((await scrape(server.url)).value('identity_processes')).toBe(3)
  process.kill(workersOf(server)[0]!, 'SIGKILL')
  await until('it is gone', () => server.output().includes('was ended by SIGKILL'))
  expect(await ofAll()).toBe(orders)
})
