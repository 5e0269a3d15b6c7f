import { createTestDatabase, startLocalServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { until } from '../../../packages/embedded-postgres/test/support/until.ts'
import { type ReceivedSpan, startCollector } from './collector.ts'
import { holdWrites } from './hold-writes.ts'
import { scrape } from './scrape.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = '00f067aa0ba902b7'

it("a request's trace has its batches and their statements by name, with no value, in the trace that the caller has", async () => {
  await using database = await createTestDatabase()
  await using collector = await startCollector()
  const order = { email: 'secret.person@example.com', phoneNumber: '4915112345678' }
  {
    await using server = await startLocalServer({
      DATABASE_URL: database.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      WRITE_LANES: '1',
    })
    const identify = (traceparent: string, body: object) =>
      fetch(`${server.url}/identify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', traceparent },
        body: JSON.stringify(body),
      })
    const answer = await identify(`00-${TRACE}-${CALLER}-01`, order)
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([200, TRACE])
    // The caller decided not to trace this one.
    await identify(`00-${'a'.repeat(32)}-${CALLER}-00`, order)

    const holder = await holdWrites(database)
    const calls = [identify(`00-${'b'.repeat(32)}-${CALLER}-01`, { email: 'b@example.com' })]
    await holder.waitingTransactions(1)
    for (const digit of ['c', 'd']) {
      calls.push(identify(`00-${digit.repeat(32)}-${CALLER}-01`, { email: `${digit}@example.com` }))
    }
    const waiting = async () => (await scrape(server.url)).value('identity_queue_depth{phase="write"}')
    await until('two wait for the one lane', async () => (await waiting()) === 2)
    await holder.release()
    await Promise.all(calls)
  }

  const of = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId)
  const named = (spans: readonly ReceivedSpan[], name: string) => spans.find((span) => span.name === name)!
  const spans = of(TRACE)
  const childrenOf = (parent: string) =>
    spans.filter(({ parentSpanId }) => parentSpanId === parent).map(({ name }) => name)
  expect(childrenOf(CALLER)).toEqual(['POST /identify'])
  expect(childrenOf(named(spans, 'POST /identify').spanId).toSorted()).toEqual(['read batch', 'write batch'])
  // The first of a workspace asks for its rules, too.
  expect(childrenOf(named(spans, 'read batch').spanId).toSorted()).toEqual([
    'begin',
    'commit',
    'leave-workspace',
    'read-persons',
    'read-policy-versions',
    'set-workspace',
  ])
  expect(childrenOf(named(spans, 'write batch').spanId)).toEqual(
    expect.arrayContaining(['begin', 'draw-stamp', 'insert-contacts', 'commit']),
  )
  expect(named(spans, 'POST /identify').attributes).toContainEqual({
    key: 'identity.outcome',
    value: { stringValue: 'created' },
  })
  expect(of('a'.repeat(32))).toEqual([])

  const [c, d] = [of('c'.repeat(32)), of('d'.repeat(32))]
  const shared = named([...c, ...d], 'write batch')
  const other = named(c.includes(shared) ? d : c, 'POST /identify')
  expect(shared.links).toMatchObject([{ traceId: other.traceId, spanId: other.spanId }])
  expect(other.links).toContainEqual(expect.objectContaining({ traceId: shared.traceId, spanId: shared.spanId }))
  expect(collector.text).not.toMatch(/secret|example\.com|49151/)
})
