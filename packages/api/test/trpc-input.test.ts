import { MemoryStore } from '@identity/core'
import Fastify, { type FastifyInstance } from 'fastify'
import superjson from 'superjson'
import { afterAll, describe, expect, it } from 'vitest'
import { ANYONE, entrance, identityHttp } from '../src/index.ts'

const app = await started()
afterAll(() => app.close())

async function started(): Promise<FastifyInstance> {
  const fastify = Fastify({ bodyLimit: 1024 * 1024, routerOptions: { maxParamLength: 5_000 } })
  await identityHttp(fastify, {
    entrance: entrance({ store: new MemoryStore() }),
    authenticate: () => ANYONE,
    version: '0',
  })
  return fastify
}

async function call(path: string, body: string, contentType = 'application/json') {
  const response = await app.inject({
    method: 'POST',
    url: `/trpc/${path}`,
    headers: { 'content-type': contentType },
    body,
  })
  const { result, error } = response.json()
  return { status: response.statusCode, data: result?.data?.json, message: error?.json?.message, error: error?.json }
}

const annotated = (input: unknown, values: unknown) => JSON.stringify({ json: input, meta: { values, v: 1 } })

it('takes what superjson makes of any input that its types allow', async () => {
  const order = { email: 'ann@example.com', phoneNumber: undefined }
  const alone = await call('identify', superjson.stringify(order))
  expect(alone.data).toMatchObject({ contact: { emails: ['ann@example.com'] } })
  // The same object twice, for which superjson notes that they are one.
  const twice = await call('identifyMany', superjson.stringify([order, order]))
  expect(twice.data).toMatchObject([{ status: 'ok' }, { status: 'ok' }])
  const withDots = await call('identify', superjson.stringify({ ...order, 'a.b\\c': undefined }))
  expect(withDots.status).toBe(200)
  // Undefined is not null: one leaves the limit as it is, the other takes it away.
  await call('policy.set', superjson.stringify({ maxEmails: 3 }))
  const unchanged = await call('policy.set', superjson.stringify({ maxEmails: undefined }))
  expect(unchanged.data).toMatchObject({ maxEmails: 3 })
  const lifted = await call('policy.set', superjson.stringify({ maxEmails: null }))
  expect(lifted.data).toMatchObject({ maxEmails: null })
  expect((await call('policy.get', superjson.stringify(undefined))).status).toBe(200)
})

it.each([
  ['a gigabyte of zeros', 1_000, { '0': [['typed-array', 'Float64Array']] }],
  ['what takes ages to parse', '9', { '0': ['bigint'] }],
  ['a kind that superjson does not know', '9', { '0': ['nothing'] }],
  ['further notes within a note', null, { '0': ['undefined', { x: ['undefined'] }] }],
  ['notes within notes', null, { '0': { '0': ['undefined'] } }],
  ['notes on everything', null, ['set', { '0': ['undefined'] }]],
])('makes nothing of %s', async (_what, value, values) => {
  const { status, message, error } = await call('identifyMany', annotated([value], values))
  expect(status).toBe(400)
  expect(message).toMatch(/^meta\.values .* Send plain JSON\.$/)
  expect(error.data).toMatchObject({ identityCode: 'invalid_request', problems: [{ field: 'meta.values' }] })
})

it.each(['types.300000', 'types.1', 'types.length', 'types.0', 'nowhere', 'url.0', '__proto__.x', 'constructor.x'])(
  'adds nothing at %s, where the input has no null',
  async (path) => {
    const input = { url: 'https://shop.example/', types: ['person.split'] }
    const { status, message } = await call('webhooks.create', annotated(input, { [path]: ['undefined'] }))
    expect({ status, message }).toEqual({
      status: 400,
      message: `meta.values says that ${JSON.stringify(path)} is undefined, and json has no null there. Send plain JSON.`,
    })
    expect({}).not.toHaveProperty('x')
  },
)

it('says what an input is, to those who write one by hand', async () => {
  const noEnvelope = await call('identify', JSON.stringify({ email: 'ann@example.com' }))
  expect(noEnvelope).toMatchObject({
    status: 400,
    message: 'body must be {"json": …}, with the input in it; found an object without json.',
  })
  expect(await call('identify', 'null')).toMatchObject({
    status: 400,
    message: 'body must be {"json": …}, with the input in it; found null.',
  })
  expect(await call('identify', '{')).toMatchObject({
    status: 400,
    message: 'body must be valid JSON; it could not be parsed.',
    error: { data: { identityCode: 'invalid_request', problems: [{ field: 'body' }] } },
  })
})

it('takes an input as deep as a body can be', async () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  const { status } = await call('identify', `{"json":{"email":"deep@example.com","extra":${deep}}}`)
  expect(status).toBe(200)
})

describe('a batch', () => {
  const batch = (calls: number) => {
    const inputs = Array.from({ length: calls }, (_, n) => [n, { json: { email: `batch${n}@example.com` } }])
    return app.inject({
      method: 'POST',
      url: `/trpc/${Array.from({ length: calls }, () => 'identify').join(',')}?batch=1`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(inputs)),
    })
  }
  const events = async () => {
    const { data } = await call('events.list', superjson.stringify({ limit: 1_000 }))
    return data.events.length
  }

  it('of one call more than a hundred is refused before any of them runs', async () => {
    const before = await events()
    const response = await batch(101)
    expect(response.statusCode).toBe(400)
    const message = 'A tRPC batch has 100 calls at the most. Send fewer in one request.'
    expect(response.json()).toMatchObject({
      error: { json: { message, data: { identityCode: 'invalid_request', problems: [{ field: 'body' }] } } },
    })
    expect(await events()).toBe(before)
  })

  it('of a hundred is answered', async () => {
    const response = await batch(100)
    expect(response.json().filter((answer: object) => 'result' in answer)).toHaveLength(100)
  })
})

it('reads no form, of whatever size', async () => {
  const form = `--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n${'x'.repeat(2 * 1024 * 1024)}\r\n--b--\r\n`
  const { status, error } = await call('identify', form, 'multipart/form-data; boundary=b')
  expect({ status, code: error.data.identityCode }).toEqual({ status: 415, code: 'unsupported_media_type' })
})
