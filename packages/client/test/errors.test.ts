import { TRPCClientError } from '@trpc/client'
import { expect, it } from 'vitest'
import { createIdentityClient } from '../src/index.ts'
import { secondsOf } from '../src/transport.ts'
import { type Answer, answer, failureOf, failures, persons, scriptedFetch } from './scripted-fetch.ts'

const URL_OF_TESTS = 'http://identity.test'

function failureWith(only: Answer) {
  const { fetch } = scriptedFetch(only)
  return failureOf(createIdentityClient({ url: URL_OF_TESTS, fetch, retry: false }).identify.mutate({ email: 'ann' }))
}

it("has the server's code and field problems, and is a TRPCClientError too", async () => {
  const problems = [{ field: 'email', detail: 'email must be an address.' }]
  const failure = await failureWith(failures(1, { identityCode: 'invalid_request', httpStatus: 400, problems }))
  expect(failure).toBeInstanceOf(TRPCClientError)
  expect(failure).toMatchObject({
    name: 'IdentityClientError',
    code: 'invalid_request',
    status: 400,
    problems,
    data: { identityCode: 'invalid_request' },
  })
})

it('reads a problem document, as what stands before tRPC answers with', async () => {
  const problem = { status: 429, code: 'rate_limited', detail: 'More than 600 requests in a minute. Wait 12 s.' }
  expect(await failureWith(answer(429, JSON.stringify(problem), { 'retry-after': '12' }))).toMatchObject({
    code: 'rate_limited',
    message: 'More than 600 requests in a minute. Wait 12 s.',
    status: 429,
    retryAfterS: 12,
  })
})

it.each<[what: string, answer: Answer, code: string, words: string[]]>([
  [
    'a web page',
    answer(200, '<html>', { 'content-type': 'text/html' }),
    'unexpected_response',
    ['200', 'text/html', URL_OF_TESTS],
  ],
  [
    'JSON of something else',
    answer(200, '{"ok":true}', { 'content-type': 'application/json' }),
    'unexpected_response',
    ['url'],
  ],
  ['nothing', answer(404, ''), 'unexpected_response', ['404', 'no content type']],
  ['a proxy that knows no server', answer(502, 'Bad Gateway'), 'unavailable', ['502']],
  ['a proxy that gave up', answer(504, ''), 'unavailable', ['504']],
  ['a gateway that wants a key', answer(401, '{}'), 'unexpected_response', ['401', 'apiKey']],
  ['half a body', answer(200, '[{"result":'), 'unexpected_response', ['200']],
  [
    'no connection',
    new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }),
    'unreachable',
    ['ECONNREFUSED', URL_OF_TESTS],
  ],
  ['what a browser says of no connection', new TypeError('Failed to fetch'), 'unreachable', ['Failed to fetch']],
])('%s: one error in plain words', async (_, only, code, words) => {
  const failure = await failureWith(only)
  expect(failure.code).toBe(code)
  for (const word of words) expect(failure.message).toContain(word)
})

it('a batch with one bad call fails that call alone', async () => {
  const [good] = JSON.parse((persons(1) as { body: string }).body) as unknown[]
  const [bad] = JSON.parse(
    (failures(1, { identityCode: 'internal', httpStatus: 500 }) as { body: string }).body,
  ) as unknown[]
  const { fetch, sent } = scriptedFetch(answer(207, JSON.stringify([good, bad])))
  const client = createIdentityClient({ url: URL_OF_TESTS, fetch })
  const calls = await Promise.allSettled([
    client.identify.mutate({ phoneNumber: '1' }),
    client.identify.mutate({ phoneNumber: '2' }),
  ])
  expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(sent).toHaveLength(1)
})

it.each([
  [null, undefined],
  ['0', 0],
  ['120', 120],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 37],
  ['Sun, 06 Nov 1994 08:48:00 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s is %s seconds', (header, seconds) => {
  expect(secondsOf(header, Date.parse('Sun, 06 Nov 1994 08:49:00 GMT'))).toBe(seconds)
})
