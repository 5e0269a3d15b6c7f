import { type Call, linearize, postIdentify, requestArbitrary, type TestDatabase } from '@identity/testkit'
import fc from 'fast-check'

const CALLERS = 5
const CALLS_EACH = 2

/**
 * Lets callers call at the same time, each the next of these servers, in so many random ways.
 * @throws Error that shows a history which no order of the calls explains
 */
export async function checkHistories(database: TestDatabase, urls: readonly string[], count: number): Promise<void> {
  async function caller(urlIndex: number, requests: ReadonlyArray<Call['request']>): Promise<Call[]> {
    const calls: Call[] = []
    for (const request of requests) {
      const startedAt = performance.now()
      const answer = await postIdentify(urls[urlIndex % urls.length]!, request)
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
    { numRuns: count, endOnFailure: true },
  )
}
