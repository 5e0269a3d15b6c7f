import { createIdentityClient, IdentityClientError } from '@identity/client'
import { createKey, revokeKey } from '@identity/core/postgres'
import { createTestDatabase, startLocalServer, startServer, type TestDatabase } from '@identity/testkit'
import { describe, expect, it } from 'vitest'

const BODY = JSON.stringify({ email: 'ann@example.com' })
const WITHIN_MS = 1_000

function identify(url: string, authorization?: string): Promise<Response> {
  return fetch(`${url}/identify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: BODY,
  })
}

/** Asks again and again until the answer has this status. @returns after how long, in milliseconds */
async function untilStatus(status: number, ask: () => Promise<Response>): Promise<number> {
  const startedAtMs = performance.now()
  for (;;) {
    const askedAtMs = performance.now()
    if ((await ask()).status === status) return askedAtMs - startedAtMs
    if (askedAtMs - startedAtMs > 10 * WITHIN_MS) throw new Error(`no answer had the status ${status}`)
  }
}

async function newKey(database: TestDatabase, scope: 'read' | 'identify' | 'admin' = 'identify', expiresAt?: Date) {
  return createKey(database.db, { workspace: 'default', scope, expiresAt })
}

describe('a service with keys', () => {
  it('lets in who has one that works, and tells all others why not', async () => {
    await using database = await createTestDatabase()
    const { key } = await newKey(database)
    const expired = await newKey(database, 'identify', new Date(0))
    const revoked = await newKey(database)
    await revokeKey(database.db, revoked.id)
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    expect((await identify(server.url, `Bearer ${key}`)).status).toBe(200)
    expect((await identify(server.url, `bearer  ${key}`)).status).toBe(200)
    for (const [authorization, why] of [
      [undefined, /asks for an API key/],
      [`Basic ${key}`, /something else/],
      [`Bearer ${key}x`, /not known/],
      [`Bearer ${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, /not known/],
      ["Bearer ' or true --", /something else/],
      [`Bearer ${expired.key}`, new RegExp(`idk_${expired.id} has expired`)],
      [`Bearer ${revoked.key}`, new RegExp(`idk_${revoked.id} was revoked`)],
    ] as const) {
      const response = await identify(server.url, authorization)
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="identity"'])
      const problem = (await response.json()) as { code: string; detail: string }
      expect(problem).toMatchObject({ code: 'unauthenticated', detail: expect.stringMatching(why) })
      expect(problem.detail).not.toContain(authorization?.split('_').slice(2).join('_') || 'idk_a')
    }
    for (const path of ['/health/live', '/health/ready', '/openapi.json', '/docs']) {
      expect((await fetch(server.url + path)).status).toBe(200)
    }
  })

  it('refuses before it reads a body', async () => {
    await using database = await createTestDatabase()
    await newKey(database)
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    for (const path of ['/identify', '/identify/batch', '/trpc/identify']) {
      const body = 'x'.repeat(3 * 1024 * 1024)
      const response = await fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': 'text/csv' } })
      expect([path, response.status]).toEqual([path, 401])
    }
  })

  it('gives each scope what is its own, over both transports', async () => {
    await using database = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    const outcomes: Record<string, string[]> = {}
    for (const scope of ['read', 'identify', 'admin'] as const) {
      const { key } = await newKey(database, scope)
      const client = createIdentityClient({ url: server.url, apiKey: key, retry: false })
      const calls = [
        client.identify.mutate({ email: 'ann@example.com' }),
        client.identifyMany.mutate([{ email: 'ann@example.com' }]),
        client.preview.query({ email: 'ann@example.com' }),
        client.person.get.query({ email: 'ann@example.com' }),
      ].map((call) => call.then(() => 'ok', codeOf))
      const { status } = await identify(server.url, `Bearer ${key}`)
      outcomes[scope] = [...(await Promise.all(calls)), String(status)]
    }
    const all = ['ok', 'ok', 'ok', 'ok', '200']
    expect(outcomes).toEqual({ read: ['forbidden', 'forbidden', 'ok', 'ok', '403'], identify: all, admin: all })
  })

  it('tells tRPC in its own envelope', async () => {
    await using database = await createTestDatabase()
    await newKey(database)
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    const client = createIdentityClient({ url: server.url, apiKey: 'idk_wrong', retry: false })
    const failure = await client.preview.query({ phoneNumber: '1' }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'unauthenticated', status: 401, data: { code: 'UNAUTHORIZED' } })
  })
})

describe('a service without keys', () => {
  it('is open; the first key closes it within a second, and it stays closed when that is revoked', async () => {
    await using database = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: database.url, ALLOW_ANONYMOUS: '1' })
    expect((await identify(server.url)).status).toBe(200)
    expect((await identify(server.url, 'Bearer for-the-gateway-in-front')).status).toBe(200)
    const { id } = await newKey(database)
    expect(await untilStatus(401, () => identify(server.url))).toBeLessThan(WITHIN_MS)
    await revokeKey(database.db, id)
    await using another = await startLocalServer({ DATABASE_URL: database.url })
    expect((await identify(another.url)).status).toBe(401)
  })

  it('does not listen beyond loopback, unless it is told to or has a key', async () => {
    await using database = await createTestDatabase()
    const env = { DATABASE_URL: database.url, HOST: '0.0.0.0' }
    await expect(startServer(env)).rejects.toThrow(/HOST=0\.0\.0\.0 .*`npx identity keys create.*ALLOW_ANONYMOUS=1/)
    await using told = await startLocalServer({ ...env, ALLOW_ANONYMOUS: '1' })
    expect((await identify(told.url)).status).toBe(200)
    await newKey(database)
    await using keyed = await startLocalServer(env)
    expect((await identify(keyed.url)).status).toBe(401)
    await database.db`delete from api_key`
    await using loopback = await startLocalServer({ DATABASE_URL: database.url })
    expect(await untilStatus(200, () => identify(loopback.url))).toBeLessThan(WITHIN_MS)
    expect((await identify(keyed.url)).status).toBe(401)
  })
})

it('a revoked key is refused within a second, by every process and while it is in use; the one made in its place works', async () => {
  await using database = await createTestDatabase()
  const { key, id } = await newKey(database)
  const { key: next } = await newKey(database)
  const env = { DATABASE_URL: database.url }
  await using first = await startServer(env)
  await using second = await startServer(env)
  const urls = [first.url, second.url]
  const ask = (url: string) => identify(url, `Bearer ${key}`)
  const askNext = (url: string) => identify(url, `Bearer ${next}`)
  const statuses = async (calls: Array<Promise<Response>>) => (await Promise.all(calls)).map(({ status }) => status)
  expect(await statuses([...urls.map(ask), ...urls.map(askNext)])).toEqual([200, 200, 200, 200])
  await revokeKey(database.db, id)
  const waits = await Promise.all(urls.map((url) => untilStatus(401, () => ask(url))))
  expect(Math.max(...waits)).toBeLessThan(WITHIN_MS)
  expect(await statuses(urls.map(askNext))).toEqual([200, 200])
  // The log names a key by its id, which is no secret, and has no more of it.
  expect(first.output() + second.output()).not.toMatch(/idk_[a-z2-7]{12}_/)
})

function codeOf(error: unknown): string {
  if (!(error instanceof IdentityClientError)) throw error
  return error.code
}
