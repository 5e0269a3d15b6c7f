import { serve } from '@identity/testkit'
import { afterEach, expect, it, vi } from 'vitest'
import { createIdentityClient } from '../src/index.ts'
import { failureOf } from './scripted-fetch.ts'

afterEach(() => {
  vi.useRealTimers()
})

it('a server that is not there: one clear error', async () => {
  const gone = await serve(() => {})
  await gone[Symbol.asyncDispose]()
  const { url } = gone
  const client = createIdentityClient({ url, retry: { baseDelayMs: 1 } })
  const failure = await failureOf(client.identify.mutate({ phoneNumber: '1' }))
  expect(failure.code).toBe('unreachable')
  expect(failure.message).toContain(url)
  expect(failure.message).toContain('ECONNREFUSED')
  expect(failure.message).toContain('(6 attempts)')
})

it('a server that never answers: one clear error within timeoutMs, and the connection is let go', async () => {
  const closed = Promise.withResolvers<void>()
  await using server = await serve((request) => request.once('close', closed.resolve))
  const client = createIdentityClient({ url: server.url, timeoutMs: 50 })
  const failure = await failureOf(client.identify.mutate({ phoneNumber: '1' }))
  expect(failure).toMatchObject({ code: 'timeout', message: expect.stringContaining('50 ms') })
  await closed.promise
})

it('a server that breaks off in the middle of its answer', async () => {
  await using server = await serve((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-length': '1000' }).write('[{"result"', () => response.destroy())
    })
  })
  const client = createIdentityClient({ url: server.url, retry: false })
  expect(await failureOf(client.identify.mutate({ phoneNumber: '1' }))).toMatchObject({ code: 'unreachable' })
})

it('the time-out counts attempts and pauses together, and tells of the attempt before', async () => {
  vi.useFakeTimers()
  let requests = 0
  const client = createIdentityClient({
    url: 'http://identity.test',
    timeoutMs: 5_000,
    fetch: (_, { signal }) => {
      if (++requests === 1) return Promise.reject(new TypeError('Failed to fetch'))
      return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)))
    },
  })
  const call = failureOf(client.identify.mutate({ phoneNumber: '1' }))
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await call).toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('Attempt 1 ended with: The identity service at http://identity.test cannot'),
  })
  expect(vi.getTimerCount()).toBe(0)
})

it('a signal ends its own call at once, with its reason, and leaves the others that travel with it', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  await using server = await serve(async (_request, response) => {
    arrived.resolve()
    await release.promise
    response.end(JSON.stringify([1, 2].map(() => ({ result: { data: { json: null } } }))))
  })
  const client = createIdentityClient({ url: server.url })
  const controller = new AbortController()
  const aborted = failureOf(client.person.get.query({ contactId: 1 }, { signal: controller.signal }))
  const other = client.person.get.query({ contactId: 2 })
  await arrived.promise
  controller.abort(new Error('the customer left'))
  expect(await aborted).toMatchObject({ code: 'aborted', cause: { message: 'the customer left' } })
  release.resolve()
  expect(await other).toBeNull()
})

it('a signal ends a pause too, and one that has ended before sends nothing', async () => {
  vi.useFakeTimers()
  let requests = 0
  const client = createIdentityClient({
    url: 'http://identity.test',
    fetch: () => {
      requests += 1
      return Promise.reject(new TypeError('Failed to fetch'))
    },
  })
  const controller = new AbortController()
  const call = failureOf(client.identify.mutate({ phoneNumber: '1' }, { signal: controller.signal }))
  await vi.advanceTimersByTimeAsync(1)
  controller.abort()
  expect((await call).code).toBe('aborted')
  const late = await failureOf(client.identify.mutate({ phoneNumber: '1' }, { signal: controller.signal }))
  expect(late.code).toBe('aborted')
  await vi.runAllTimersAsync()
  expect(requests).toBe(1)
})
