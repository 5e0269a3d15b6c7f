import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createKey } from '@identity/core/postgres'
import { createTestDatabase, startLocalServer, type TestDatabase } from '@identity/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const RECEIVE_TIMEOUT_MS = 200
/** The time-out, the interval at which Node looks for it, and a busy machine's delay. */
const CLOSED_WITHIN_MS = 5_000

const cleanup = new AsyncDisposableStack()
let database: TestDatabase
let url: string

beforeAll(async () => {
  database = cleanup.use(await createTestDatabase())
  // Whatever Host a request names is not what is looked at here.
  const env = { DATABASE_URL: database.url, RECEIVE_TIMEOUT_MS: String(RECEIVE_TIMEOUT_MS), ALLOW_ANONYMOUS: '1' }
  url = cleanup.use(await startLocalServer(env)).url
})
afterAll(() => cleanup.disposeAsync())

function open(): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  return socket
}

/** All that comes until the server closes the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'close', { signal: AbortSignal.timeout(CLOSED_WITHIN_MS) })
  return text
}

const START = 'POST /identify HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 900\r\n'

describe('slow clients', () => {
  it.each([
    ['says nothing', '', ''],
    ['trickles its headers', START, 'X-Slow: 1\r\n'],
    ['trickles its body', `${START}\r\n{`, ' '],
  ])('one that %s is told 408 and closed in bounded time', async (_, first, drop) => {
    const socket = open()
    socket.write(first)
    const trickle = setInterval(() => drop && socket.write(drop), 20)
    const text = await untilClosed(socket)
    clearInterval(trickle)
    expect(text).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*"code":"request_timeout"/s)
  })

  it('others are served meanwhile', async () => {
    const slow = Array.from({ length: 200 }, open)
    for (const socket of slow) socket.write(START)
    const response = await identify('{"phoneNumber":"1"}')
    expect(response.status).toBe(200)
    await Promise.all(slow.map(untilClosed))
  })
})

/** Of plain HTTP or of tRPC. */
function isProblem(body: { code?: string; error?: { json: { data: { identityCode: string } } } }): boolean {
  return typeof (body.code ?? body.error?.json.data.identityCode) === 'string'
}

describe('what is not a request', () => {
  it.each([
    ['a flood of headers', `GET / HTTP/1.1\r\nHost: test\r\n${'X-Flood: 1234567890\r\n'.repeat(5_000)}\r\n`, 431],
    ['an endless request line', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n`, 431],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a Host that is none', 'GET /trpc/preview HTTP/1.1\r\nHost: a:b\r\nConnection: close\r\n\r\n', 400],
    ['two lengths', `${START}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ])('%s gets a problem document', async (_, text, status) => {
    const socket = open()
    socket.write(text)
    const answer = await untilClosed(socket)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toSatisfy(isProblem)
  })
})

function identify(body: string | Uint8Array<ArrayBuffer>, path = '/identify'): Promise<Response> {
  return fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
}

const deep = (open: string, close: string, bytes: number) => open.repeat(bytes) + close.repeat(bytes)

describe('JSON oddities', () => {
  it.each<[what: string, body: string | Uint8Array<ArrayBuffer>, status: number]>([
    ['arrays in arrays, as deep as the body allows', deep('[', ']', 8_000), 400],
    [
      'objects in objects under an unknown key',
      `{"phoneNumber":"1","x":${deep('{"a":', '}', 2_000).replace('}', '1}')}}`,
      200,
    ],
    ['deep nesting as an e-mail', `{"email":${deep('[', ']', 7_000)}}`, 400],
    ['a lone surrogate in an e-mail', '{"email":"\\udc00a@example.com"}', 400],
    ['a lone surrogate in a phone', '{"phoneNumber":"1\\ud800"}', 400],
    ['NUL in an e-mail', '{"email":"a\\u0000@example.com"}', 400],
    ['NUL in a phone', '{"phoneNumber":"1\\u0000"}', 400],
    ['invalid UTF-8', Uint8Array.from(Buffer.from('7b22656d61696c223a22c3284078792e7a7a227d', 'hex')), 400],
    ['1e999', '{"phoneNumber":1e999}', 400],
    ['2^53 + 1', '{"phoneNumber":9007199254740993}', 400],
    ['a fraction', '{"phoneNumber":1.5}', 400],
    ['a number of 15,000 digits', `{"phoneNumber":${'9'.repeat(15_000)}}`, 400],
    ['minus zero, which is zero', '{"phoneNumber":-0}', 200],
    ['right-to-left override', '{"email":"a\\u202e@example.com"}', 400],
    ['zero-width space', '{"email":"a\\u200b@example.com"}', 400],
    ['an emoji', '{"email":"😀@example.com"}', 400],
    ['other scripts', '{"email":"用户@例え.テスト"}', 200],
    ['digits of other scripts in a phone', '{"phoneNumber":"١٢٣"}', 400],
  ])('%s', async (_, body, status) => {
    const response = await identify(body)
    expect([response.status, await response.text()]).toEqual([status, expect.any(String)])
  })

  it('of a key that comes twice, the last counts', async () => {
    const response = await identify('{"phoneNumber":"70","phoneNumber":"71"}')
    expect(await response.json()).toMatchObject({ contact: { phoneNumbers: ['71'] } })
  })

  it('an e-mail is one, composed or not, in capitals or not', async () => {
    const ids = await Promise.all(
      ['\\u00c9ric@example.com', 'E\\u0301ric@EXAMPLE.com', '\\u00e9ric@example.com'].map(async (email) => {
        const response = await identify(`{"email":"${email}"}`)
        return ((await response.json()) as { contact: { primaryContactId: number } }).contact.primaryContactId
      }),
    )
    expect(new Set(ids)).toHaveLength(1)
  })

  it.each([deep('[', ']', 500_000), `{"requests":${deep('[', ']', 500_000)}}`])(
    'half a million brackets in a batch',
    async (body) => {
      expect([400, 200]).toContain((await identify(body, '/identify/batch')).status)
      expect((await identify(body, '/trpc/identifyMany')).status).toBe(400)
    },
  )
})

describe('limits on requests', () => {
  it('RATE_LIMIT_PER_KEY counts a key, and no other', async () => {
    await using fresh = await createTestDatabase()
    const keys = await Promise.all(
      [1, 2].map(() => fresh.pool.use((db) => createKey(db, { workspace: 'default', scope: 'identify' }))),
    )
    await using server = await startLocalServer({ DATABASE_URL: fresh.url, RATE_LIMIT_PER_KEY: '2' })
    const ask = (n: number, path = '/persons/1') =>
      fetch(server.url + path, { headers: { authorization: `Bearer ${keys[n]!.key}` } })
    const answers = [await ask(0), await ask(0), await ask(0), await ask(0, '/trpc/person.get'), await ask(1)]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 429, 429, 404])
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['1', '0', '0', '0', '1'])
    const [, , refused] = answers
    expect(Number(refused!.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused!.json()).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringContaining('with this API key'),
    })
  })

  it('RATE_LIMIT tells each answer what is left', async () => {
    await using fresh = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: fresh.url, RATE_LIMIT: '5' })
    const { headers } = await fetch(`${server.url}/persons/1`)
    expect([headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')]).toEqual(['5', '4'])
    expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0)
  })
})
