import { IdentityError, type IdentityStore, MemoryStore } from '@identity/core'
import { expect, it } from 'vitest'
import { IdentityService } from '../src/identity-service.ts'

/** A store that cannot serve from its n-th batch on. */
class FailingStore extends MemoryStore {
  batches = 0
  readonly #failsFrom: number

  constructor(failsFrom: number) {
    super()
    this.#failsFrom = failsFrom
  }

  override identify(...args: Parameters<IdentityStore['identify']>): ReturnType<IdentityStore['identify']> {
    if (++this.batches >= this.#failsFrom) throw new IdentityError('unavailable', 'Away.', { retryAfterS: 3 })
    return super.identify(...args)
  }
}

const requests = Array.from({ length: 450 }, (_, n) => (n % 5 === 4 ? { email: 'ann' } : { phoneNumber: n }))

it('identifyMany: once the store is away, the rest is reported in its place and not tried', async () => {
  const store = new FailingStore(2)
  const results = await new IdentityService({ store }).identifyMany(requests)
  expect(store.batches).toBe(2)
  expect(results).toHaveLength(450)
  const codes = results.map((result) => (result.status === 'ok' ? 'ok' : result.error.code))
  expect(codes.filter((code) => code === 'ok')).toHaveLength(100)
  expect(codes.flatMap((code, n) => (code === 'invalid_request' ? [n % 5] : [])).every((n) => n === 4)).toBe(true)
  expect(results.at(-2)).toEqual({
    status: 'error',
    error: { code: 'unavailable', message: 'Away.', problems: [], retryAfterS: 3 },
  })
})

it('identifyMany: where not one could be served, the call fails', async () => {
  const store = new FailingStore(1)
  await expect(new IdentityService({ store }).identifyMany(requests)).rejects.toMatchObject({ code: 'unavailable' })
  expect(store.batches).toBe(1)
})

it('does not say that repeating is safe of what is made anew each time', async () => {
  const away = async () => {
    throw new IdentityError('unavailable', 'Away. Repeat it: that is safe.', { retryAfterS: 3 })
  }
  const store = new MemoryStore()
  Object.assign(store.webhooks, { createEndpoint: away, rotateSecret: away })
  const { webhooks } = new IdentityService({ store })
  for (const call of [webhooks.create({ url: 'https://shop.example/hooks' }), webhooks.rotateSecret({ id: 1 })]) {
    const error = await call.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'unavailable', retryAfterS: 3, message: expect.stringContaining('another') })
    expect(error).not.toHaveProperty('message', expect.stringContaining('safe'))
  }
})

it('identify: a request that is not valid is a promise that rejects, as any other failure', async () => {
  const failure = new IdentityService({ store: new MemoryStore() }).identify({ email: 'ann' }).catch((reason) => reason)
  expect(await failure).toMatchObject({ code: 'invalid_request', problems: [{ field: 'email' }] })
})
