import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { MemoryStore } from '@identity/core'
import Fastify from 'fastify'
import { afterAll, expect, it } from 'vitest'
import { ANYONE, entrance, identityHttp, sendProblem } from '../src/index.ts'

const app = Fastify({ frameworkErrors: (error, request, reply) => sendProblem(request, reply, error) })
await identityHttp(app, { entrance: entrance({ store: new MemoryStore() }), authenticate: () => ANYONE, version: '0' })
await app.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.address() as AddressInfo
afterAll(() => app.close())

const ORDER = '{"email":"ann@example.com"}'

it.each([
  [
    { 'content-encoding': 'gzip' },
    gzipSync(ORDER),
    'The body came with Content-Encoding: "gzip". Send it as it is, without that header.',
  ],
  [
    { 'content-type': 'application/json; charset=UTF-16' },
    Buffer.from(ORDER, 'utf16le'),
    'The body came with charset "UTF-16" in Content-Type. Send JSON in UTF-8.',
  ],
])('says that a body in another encoding is not taken: %j', async (headers, body, detail) => {
  const response = await app.inject({
    method: 'POST',
    url: '/identify',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  expect(response.json()).toMatchObject({ status: 415, code: 'unsupported_media_type', detail })
})

it('still says that a body in UTF-8 is no JSON', async () => {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'identity' }
  const response = await app.inject({ method: 'POST', url: '/identify', headers, body: '{' })
  expect(response.json()).toMatchObject({ status: 400, detail: 'body must be valid JSON; it could not be parsed.' })
})

// Over a connection, as `inject` makes of these paths what they lead to.
it.each(['/docs/assets/%2e%2e/package.json', '/docs/assets/a%00b', '/docs/assets/none.css'])(
  'says that there is nothing at %s',
  async (path) => {
    const request = get({ host: '127.0.0.1', port, path })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(await json(response)).toMatchObject({ status: 404, code: 'not_found' })
  },
)

it('says that a path is too long, and what a batch can do', async () => {
  const response = await app.inject({ url: `/trpc/${'person.get,'.repeat(50)}person.get?batch=1` })
  expect(response.json()).toMatchObject({
    status: 400,
    code: 'invalid_request',
    detail: 'The path is longer than any there is. Of a tRPC batch, send fewer calls in one request.',
  })
})

it.each([
  ['9007199254740991', 'must be a positive whole number of up to 15 digits; found "9007199254740991".'],
  ['abc', 'must be a positive whole number; found "abc".'],
])('says what an id in an address may be: %s', async (id, detail) => {
  const response = await app.inject({ url: `/persons/${id}` })
  expect(response.json()).toMatchObject({ status: 400, detail: `contactId ${detail}` })
})
