import { once } from 'node:events'
import { request } from 'node:http'
import { createKey } from '@identity/core/postgres'
import { createTestDatabase, startLocalServer } from '@identity/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOwnName } from '../src/own-names.ts'

interface Answer {
  status: number
  detail: string | undefined
}

/** Not `fetch`, which says where it goes by itself. */
async function ask(url: string, path: string, headers: Record<string, string>): Promise<Answer> {
  const body = JSON.stringify({ email: 'ann@example.com' })
  const sent = request(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } })
  sent.end(body)
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, detail: JSON.parse(text).detail }
}

describe('an open service', () => {
  it('answers to names of its own machine only, on both transports', async () => {
    await using database = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: database.url, CORS_ORIGINS: 'https://shop.example' })
    const { port } = new URL(server.url)
    for (const headers of [
      { host: `localhost:${port}` },
      { host: '[::1]' },
      { host: 'identity.localhost', origin: 'http://localhost:5173' },
      { host: '127.0.0.1', origin: 'https://shop.example' },
    ]) {
      expect(await ask(server.url, '/identify', headers)).toEqual({ status: 200, detail: undefined })
    }
    for (const [headers, why] of [
      [{ host: `rebound.example:${port}` }, /Host is "rebound\.example:\d+"\. Make an API key, .*ALLOWED_HOSTS/],
      [{ host: 'rebound.example', 'x-forwarded-host': 'localhost' }, /Host is "rebound\.example"/],
      [{ host: 'localhost', origin: 'https://rebound.example' }, /Origin is "https:\/\/rebound.*CORS_ORIGINS/],
      [{ host: 'localhost', origin: 'null' }, /Origin is "null"/],
    ] as const) {
      expect(await ask(server.url, '/identify', headers)).toEqual({ status: 403, detail: expect.stringMatching(why) })
      expect((await ask(server.url, '/trpc/identify', headers)).status).toBe(403)
    }
    const { count } = await database.db`select from contact`
    expect(count).toBe(1)
  })

  it('answers to the names it is told, and to any where it is open to all or a key decides', async () => {
    await using database = await createTestDatabase()
    const env = { DATABASE_URL: database.url }
    await using told = await startLocalServer({ ...env, ALLOWED_HOSTS: 'Identity.internal, shop.test' })
    await using toAll = await startLocalServer({ ...env, ALLOW_ANONYMOUS: '1' })
    await using toSome = await startLocalServer({ ...env, ALLOW_ANONYMOUS: '1', ALLOWED_HOSTS: 'shop.test' })
    const statusOf = async (url: string, host: string) => (await ask(url, '/identify', { host })).status
    expect(await statusOf(told.url, 'identity.internal:80')).toBe(200)
    expect(await statusOf(told.url, 'other.internal')).toBe(403)
    expect(await statusOf(toAll.url, 'other.internal')).toBe(200)
    expect(await statusOf(toSome.url, 'other.internal')).toBe(403)
    const { key } = await createKey(database.db, { workspace: 'default', scope: 'identify' })
    const headers = { host: 'other.internal', origin: 'https://other.internal', authorization: `Bearer ${key}` }
    expect((await ask(told.url, '/identify', headers)).status).toBe(200)
  })
})

it('no name that a DNS server may give an address is taken for this machine', () => {
  const names = ['127.0.0.1.nip.io', 'localhost.example', 'mylocalhost', '::1', '[::1', '127.0.0.1:80:80', '']
  expect(names.filter((name) => isOwnName(name))).toEqual([])
  fc.assert(fc.property(fc.domain(), (name) => !isOwnName(name) && !isOwnName(`${name}.`) && isOwnName(name, [name])))
})
