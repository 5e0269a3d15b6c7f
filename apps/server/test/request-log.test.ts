import { createIdentityClient } from '@identity/client'
import { createKey } from '@identity/core/postgres'
import { createTestDatabase, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'

/** Says which packages of interest a server loads. */
const TELL_LOADED = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({
    load(url, context, next) {
      const [, name] = /node_modules\\/(fastify|@opentelemetry)\\//.exec(url) ?? []
      if (name) console.log('loaded ' + name)
      return next(url, context)
    },
  })`)}`

it('LOG_REQUESTS: a line a request, with the id that the answer carries, the outcome and the key, never its secret', async () => {
  await using database = await createTestDatabase()
  const { key, id: keyId } = await createKey(database.db, { workspace: 'default', scope: 'read' })
  await using server = await startServer({
    DATABASE_URL: database.url,
    SERVER_PROCESSES: '1',
    LOG_LEVEL: 'info',
    LOG_REQUESTS: '1',
    NODE_OPTIONS: `--import "${TELL_LOADED}"`,
  })
  const ask = async (path: string, headers: Record<string, string>, body?: string) => {
    const response = await fetch(server.url + path, { ...(body && { method: 'POST', body }), headers })
    await response.text()
    return response.headers.get('x-request-id')
  }
  const authorization = `Bearer ${key}`
  expect(await ask('/persons?email=secret@example.com', { authorization, 'x-request-id': 'order-4711_b' })).toBe(
    'order-4711_b',
  )
  for (const insane of ['secret@example.com', '4915112345678', 'x'.repeat(65), 'two words', 'short']) {
    expect(await ask('/persons/7', { authorization, 'x-request-id': insane })).toMatch(/^[\da-f]{12}-[\da-z]+$/)
  }
  const json = { 'content-type': 'application/json' }
  const forbiddenId = await ask('/identify', { ...json, authorization }, '{"email":"secret@example.com"}')
  await createIdentityClient({ url: server.url, apiKey: key }).person.get.query({ email: 'secret@example.com' })
  for (let n = 0; n < 40; n++) await ask('/identify', { ...json, authorization: 'Bearer secret' }, '{}')
  await server.stop()

  const output = server.output()
  const lines = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  const requests = lines.filter(({ msg }) => msg === 'request')
  expect(requests).toHaveLength(48)
  expect(requests[0]).toMatchObject({
    level: 'info',
    requestId: 'order-4711_b',
    method: 'GET',
    route: '/persons',
    status: 404,
    outcome: 'not_found',
    durationMs: expect.any(Number),
    keyId,
  })
  expect(requests.find(({ requestId }) => requestId === forbiddenId)).toMatchObject({
    status: 403,
    outcome: 'forbidden',
  })
  expect(requests.map(({ route }) => route)).toContain('/trpc/person.get')
  expect(lines.find(({ requestId, level }) => requestId === forbiddenId && level === 'warn')).toMatchObject({
    keyId,
    msg: expect.stringMatching(/^POST \/identify answered 403: the scope of the key does not cover it/),
  })
  const unknown = lines.filter(({ msg }) => msg.startsWith('POST /identify answered 401: '))
  expect(unknown.length).toBeGreaterThanOrEqual(1)
  expect(unknown.length).toBeLessThan(40)
  expect(output).not.toMatch(new RegExp(`secret|49151|${key}`))
  // Without a place to send traces to, nothing of what makes them is loaded.
  expect(output).toContain('loaded fastify')
  expect(output).not.toContain('loaded @opentelemetry')
})
