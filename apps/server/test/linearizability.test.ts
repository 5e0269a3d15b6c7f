import {
  type Call,
  createTestDatabase,
  linearize,
  postIdentify,
  requestArbitrary,
  startServer,
} from '@identity/testkit'
import fc from 'fast-check'
import { it } from 'vitest'

const HISTORIES = 400
const CALLERS = 5
const CALLS_EACH = 2

it('every history over two processes has an order that explains each answer (G1)', async () => {
  await using database = await createTestDatabase()
  const env = { DATABASE_URL: database.url }
  await using one = await startServer(env)
  await using two = await startServer(env)
  const urls = [one.url, two.url]

  async function caller(urlIndex: number, requests: ReadonlyArray<Call['request']>): Promise<Call[]> {
    const calls: Call[] = []
    for (const request of requests) {
      const startedAt = performance.now()
      const answer = await postIdentify(urls[urlIndex % 2]!, request)
      calls.push({ request, answer, startedAt, endedAt: performance.now() })
    }
    return calls
  }

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(requestArbitrary('', 3), { minLength: 1, maxLength: CALLS_EACH }), {
        minLength: 2,
        maxLength: CALLERS,
      }),
      async (plans) => {
        await database.db`truncate contact, identifier`
        const calls = (await Promise.all(plans.map((requests, n) => caller(n, requests)))).flat()
        if (!linearize(calls)) throw new Error(`no order explains ${JSON.stringify(calls, null, 1)}`)
      },
    ),
    { numRuns: HISTORIES, endOnFailure: true },
  )
})
