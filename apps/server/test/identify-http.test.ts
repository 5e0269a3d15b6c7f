import { EXAMPLES } from '@identity/api'
import {
  allContacts,
  createTestDatabase,
  HILL_VALLEY,
  postIdentify,
  seed,
  startLocalServer,
  type TestDatabase,
  TWO_PRIMARIES,
  takeAway,
} from '@identity/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

function post(
  url: string,
  body: string | undefined,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  return fetch(`${url}/identify`, { method: 'POST', headers, ...(body !== undefined && { body }) })
}

describe('the documented examples, answer for answer', () => {
  it.each(['/identify', '/identify/'])('POST %s', async (path) => {
    await using database = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    const [known, fresh, merge] = EXAMPLES
    async function send(example: typeof known) {
      const response = await fetch(server.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(example!.request),
      })
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(await response.json()).toEqual(example!.response)
    }
    await seed(database.db, HILL_VALLEY)
    await send(known)
    await send(fresh)
    await seed(database.db, TWO_PRIMARIES)
    await send(merge)
    const [eleven, twentySeven] = (await allContacts(database.db)).filter(({ id }) => id === 11 || id === 27)
    expect(twentySeven!.createdAt).toEqual(TWO_PRIMARIES[1]!.createdAt)
    expect(twentySeven!.updatedAt).toEqual(eleven!.updatedAt)
    expect(eleven!.updatedAt).not.toEqual(TWO_PRIMARIES[0]!.updatedAt)
  })
})

describe('one server', () => {
  let database: TestDatabase
  let url: string
  const cleanup = new AsyncDisposableStack()

  beforeAll(async () => {
    database = cleanup.use(await createTestDatabase())
    url = cleanup.use(await startLocalServer({ DATABASE_URL: database.url })).url
  })
  afterAll(() => cleanup.disposeAsync())

  it('takes an e-mail, a phone or both, in every shape that R1 allows, as one person', async () => {
    const first = await postIdentify(url, { email: 'Shapes@Example.com', phoneNumber: '5550100' })
    for (const body of [
      { email: 'shapes@example.com' },
      { email: '  SHAPES@EXAMPLE.COM ', phoneNumber: null },
      { email: 'shapes@example.com', phoneNumber: '' },
      { phoneNumber: 5550100 },
      { email: null, phoneNumber: '(555) 01-00' },
      { email: ' ', phoneNumber: '555.0100', orderId: 7, __proto__: { email: 'other@example.com' } },
    ]) {
      expect(await postIdentify(url, body)).toEqual(first)
    }
    expect(first).toMatchObject({ emails: ['shapes@example.com'], phoneNumbers: ['5550100'], secondaryContactIds: [] })
  })

  it('takes __proto__ and constructor for unknown keys', async () => {
    const body =
      '{"__proto__":{"email":"x@example.com"},"constructor":{"prototype":{"email":"y@example.com"}},"phoneNumber":"5550199"}'
    const response = await post(url, body)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ contact: { emails: [], phoneNumbers: ['5550199'] } })
    expect(({} as { email?: string }).email).toBeUndefined()
  })

  const BODY = 'body'
  const LONG = 'x'.repeat(300)
  it.each<[what: string, body: string | undefined, fields: string[]]>([
    ['both absent', '{}', ['email', 'phoneNumber']],
    ['both null', '{"email":null,"phoneNumber":null}', ['email', 'phoneNumber']],
    ['both blank', '{"email":" ","phoneNumber":""}', ['email', 'phoneNumber']],
    ['malformed JSON', '{"email":', [BODY]],
    ['null', 'null', [BODY]],
    ['an array', '[]', [BODY]],
    ['a string', '"ann@example.com"', [BODY]],
    ['a number', '1', [BODY]],
    ['no body', undefined, [BODY]],
    ['an empty body', '', [BODY]],
    ['an e-mail of the wrong type', '{"email":5}', ['email']],
    ['a phone of the wrong type', '{"phoneNumber":true}', ['phoneNumber']],
    ['two of the wrong type', '{"email":{},"phoneNumber":[]}', ['email', 'phoneNumber']],
    ['an e-mail that is none', '{"email":"ann"}', ['email']],
    ['a good e-mail with a bad phone', '{"email":"ann@example.com","phoneNumber":"none"}', ['phoneNumber']],
    ['a phone without digits', '{"phoneNumber":"+()-"}', ['phoneNumber']],
    ['a negative phone', '{"phoneNumber":-5}', ['phoneNumber']],
    ['a phone beyond the safe integers', '{"phoneNumber":9007199254740993}', ['phoneNumber']],
    ['an over-long e-mail', `{"email":"${LONG}@example.com"}`, ['email']],
    ['an over-long phone', `{"phoneNumber":"${'1'.repeat(21)}"}`, ['phoneNumber']],
    ['a lone surrogate', '{"email":"\\ud800@example.com"}', ['email']],
    ['a NUL byte', '{"email":"a\\u0000@example.com"}', ['email']],
  ])('%s: 400 that names the field', async (_, body, fields) => {
    const before = await allContacts(database.db)
    const response = await post(url, body)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    const problem = (await response.json()) as { errors: Array<{ field: string }> }
    expect(problem).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400, code: 'invalid_request' })
    expect(problem.errors.map(({ field }) => field)).toEqual(fields)
    expect(JSON.stringify(problem)).not.toMatch(/\n {4}at |node_modules|\/\*|\$1/)
    expect(await allContacts(database.db)).toEqual(before)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', ''])(
    'content type %j: 415',
    async (contentType) => {
      const body = new Blob(['{"email":"ann@example.com"}'], { type: contentType })
      const response = await fetch(`${url}/identify`, { method: 'POST', body })
      expect(response.status).toBe(415)
      expect(await response.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' })
    },
  )

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'])('%s: 405 with Allow', async (method) => {
    for (const path of ['/identify', '/identify/', '/identify?email=ann@example.com']) {
      const response = await fetch(url + path, { method })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('POST')
      expect(await response.json()).toMatchObject({ status: 405, code: 'method_not_allowed' })
    }
  })

  it('more than any request needs: 413', async () => {
    const response = await post(url, JSON.stringify({ email: 'x'.repeat(20_000) }))
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ status: 413, code: 'payload_too_large' })
  })

  it.each(['/', '/identify/1', '/docs/assets/package.json', '/docs/assets/../package.json', '/%'])(
    'GET %s: 404',
    async (path) => {
      const response = await fetch(url + path)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ status: 404, code: 'not_found' })
    },
  )

  it('answers carry security headers and are not to be cached', async () => {
    const { headers } = await post(url, '{}')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('is live and ready', async () => {
    for (const path of ['/health/live', '/health/ready']) {
      const response = await fetch(url + path)
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
    }
  })
})

it('RATE_LIMIT: 429 with Retry-After, for what is not a health check', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url, RATE_LIMIT: '2' })
  const body = '{"email":"ann@example.com"}'
  expect((await post(server.url, body)).status).toBe(200)
  expect((await post(server.url, body)).status).toBe(200)
  const refused = await post(server.url, body)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ status: 429, code: 'rate_limited' })
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
})

it('CORS_ORIGINS: allows those, and no others', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url, CORS_ORIGINS: 'https://shop.example/' })
  const allowed = (origin: string) =>
    fetch(`${server.url}/health/live`, { headers: { origin } }).then(({ headers }) =>
      headers.get('access-control-allow-origin'),
    )
  expect(await allowed('https://shop.example')).toBe('https://shop.example')
  expect(await allowed('https://other.example')).not.toBe('https://other.example')
  for (const method of ['POST', 'PATCH', 'DELETE']) {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': method }
    const preflight = await fetch(`${server.url}/webhooks/1`, { method: 'OPTIONS', headers })
    expect(preflight.headers.get('access-control-allow-methods')).toContain(method)
  }
})

it('a database that is away: 503 with Retry-After, and ready says so; back again, all is well', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url, REQUEST_TIMEOUT_MS: '300' })
  const bringBack = await takeAway(database)
  const response = await post(server.url, '{"email":"ann@example.com"}')
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  expect(await response.json()).toMatchObject({ status: 503, code: 'unavailable' })
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(503)
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
  await bringBack()
  expect((await postIdentify(server.url, { email: 'ann@example.com' })).primaryContactId).toBe(1)
})
