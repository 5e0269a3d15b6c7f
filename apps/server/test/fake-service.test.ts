import { createIdentityClient, IdentityClientError } from '@identity/client'
import { fakeIdentityService } from '@identity/client/msw'
import { createTestDatabase, startLocalServer } from '@identity/testkit'
import fc from 'fast-check'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Call, callArbitrary } from './consumer-calls.ts'

const FAKE_URL = 'http://identity.test'
const RUNS = 60

const fake = fakeIdentityService({ url: FAKE_URL, defaultRegion: 'IN' })
const msw = setupServer(...fake.handlers)
beforeAll(() => msw.listen({ onUnhandledFrame: 'bypass' }))
afterAll(() => msw.close())

/** Makes one call and tells all that a caller can see of the answer. */
async function perform(url: string, { kind, name, input }: Call): Promise<unknown> {
  if (kind === 'http') {
    const { method, path, body, type = 'application/json' } = input
    const response = await fetch(url + path, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': type } }),
    })
    const { status, headers } = response
    return { status, type: headers.get('content-type'), retry: headers.get('retry-after'), body: await response.json() }
  }
  const client = createIdentityClient({ url, retry: false })
  try {
    switch (name) {
      case 'identify':
        return await client.identify.mutate(input)
      case 'identifyTogether':
        return await Promise.allSettled(input.map((one) => client.identify.mutate(one))).then((all) => all.map(seen))
      case 'identifyMany':
        return await client.identifyMany.mutate(input)
      case 'preview':
        return await client.preview.query(input)
      case 'get':
        return await client.person.get.query(input)
    }
  } catch (error) {
    return failure(error)
  }
}

function seen(call: PromiseSettledResult<unknown>) {
  return call.status === 'fulfilled' ? call.value : failure(call.reason)
}

function failure(error: unknown) {
  if (!(error instanceof IdentityClientError)) throw error
  const { code, message, problems, status, retryAfterS } = error
  return { code, message, problems, status, retryAfterS }
}

it('the fake and the real server answer the same random sequences alike', async () => {
  await using database = await createTestDatabase()
  await using server = await startLocalServer({ DATABASE_URL: database.url, DEFAULT_REGION: 'IN' })
  await fc.assert(
    fc.asyncProperty(fc.array(callArbitrary, { minLength: 1, maxLength: 25 }), async (calls) => {
      await database.db`truncate contact restart identity cascade`
      fake.reset()
      for (const call of calls) expect(await perform(FAKE_URL, call)).toEqual(await perform(server.url, call))
    }),
    { numRuns: RUNS },
  )
})
