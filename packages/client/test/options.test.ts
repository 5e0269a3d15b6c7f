import { describe, expect, it } from 'vitest'
import { createIdentityClient, type IdentityClientOptions } from '../src/index.ts'
import { failureOf, persons, scriptedFetch } from './scripted-fetch.ts'

const URL_OF_TESTS = 'http://identity.test'

describe('options that are wrong are refused at once, with the value found and the remedy', () => {
  it.each<[options: IdentityClientOptions, words: string[]]>([
    [{ url: '' }, ['url', 'http://localhost:8000', '""']],
    [{ url: 'localhost:8000' }, ['url', '"localhost:8000"']],
    [{ url: 'ftp://identity.test' }, ['url', '"ftp://identity.test"']],
    [{ url: 'http://ann:secret@identity.test' }, ['url', 'password', 'apiKey']],
    [{ url: URL_OF_TESTS, apiKey: ' ' }, ['apiKey', 'Leave it out']],
    [{ url: URL_OF_TESTS, timeoutMs: 0 }, ['timeoutMs', 'found 0']],
    [{ url: URL_OF_TESTS, timeoutMs: Number.NaN }, ['timeoutMs', 'NaN']],
    [{ url: URL_OF_TESTS, timeoutMs: 2 ** 31 }, ['timeoutMs', '2147483648']],
    [{ url: URL_OF_TESTS, retry: { maxAttempts: 0 } }, ['retry.maxAttempts', 'found 0']],
    [{ url: URL_OF_TESTS, retry: { baseDelayMs: -1 } }, ['retry.baseDelayMs', 'found -1']],
    [{ url: URL_OF_TESTS, retry: { maxDelayMs: 0.5 } }, ['retry.maxDelayMs', 'found 0.5']],
  ])('%o', (options, words) => {
    expect(() => createIdentityClient(options)).toThrow(TypeError)
    for (const word of words) expect(() => createIdentityClient(options)).toThrow(word)
    expect(() => createIdentityClient(options)).not.toThrow('secret')
  })
})

it.each([
  ['http://identity.test', 'http://identity.test/trpc/identify?batch=1'],
  ['http://identity.test/', 'http://identity.test/trpc/identify?batch=1'],
  ['https://shop.test/identity/?x=1#y', 'https://shop.test/identity/trpc/identify?batch=1'],
  [new URL('http://identity.test:8000'), 'http://identity.test:8000/trpc/identify?batch=1'],
])('calls %s at %s', async (url, expected) => {
  const { fetch, sent } = scriptedFetch(persons(1))
  await createIdentityClient({ url, fetch }).identify.mutate({ email: 'ann@example.com' })
  expect(sent[0]!.url).toBe(expected)
})

describe('headers', () => {
  async function sentWith(options: Partial<IdentityClientOptions>) {
    const { fetch, sent } = scriptedFetch(persons(1))
    await createIdentityClient({ url: URL_OF_TESTS, fetch, ...options }).identify.mutate({ phoneNumber: '1' })
    return sent[0]!.headers
  }

  it('carry the API key, and what the caller adds', async () => {
    expect(await sentWith({ apiKey: 'k1' })).toMatchObject({ authorization: 'Bearer k1' })
    expect(await sentWith({ headers: { 'X-Shop': 'flux' } })).toMatchObject({ 'x-shop': 'flux' })
    expect(await sentWith({ headers: async () => ({ 'x-token': 'fresh' }) })).toMatchObject({ 'x-token': 'fresh' })
    expect(await sentWith({ apiKey: 'k1', headers: { Authorization: 'Basic x' } })).toMatchObject({
      authorization: 'Basic x',
    })
  })

  it('are made anew for each request', async () => {
    const { fetch, sent } = scriptedFetch(persons(1))
    let tokens = 0
    const headers = () => ({ 'x-token': String(++tokens) })
    const client = createIdentityClient({ url: URL_OF_TESTS, fetch, headers })
    await client.identify.mutate({ phoneNumber: '1' })
    await client.identify.mutate({ phoneNumber: '1' })
    expect(sent.map((request) => request.headers['x-token'])).toEqual(['1', '2'])
  })

  it('that cannot be made or sent fail the call, once, and show no secret', async () => {
    const { fetch, sent } = scriptedFetch(persons(1))
    const broken = createIdentityClient({
      url: URL_OF_TESTS,
      fetch,
      headers: () => Promise.reject(new Error('no token')),
    })
    const failure = await failureOf(broken.identify.mutate({ phoneNumber: '1' }))
    expect(failure).toMatchObject({ code: 'invalid_call', cause: { message: 'no token' } })
    const unsendable = createIdentityClient({ url: URL_OF_TESTS, fetch, apiKey: 'top\nsecret' })
    const refused = await failureOf(unsendable.identify.mutate({ phoneNumber: '1' }))
    expect(refused.code).toBe('invalid_call')
    expect(`${refused.stack}${JSON.stringify(refused)}${refused.cause}`).not.toContain('secret')
    expect(sent).toEqual([])
  })
})
