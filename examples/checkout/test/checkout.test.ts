import { createIdentityClient } from '@identity/client'
import { fakeIdentityService } from '@identity/client/msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { checkoutApp } from '../src/app.ts'

const url = 'http://identity.test'
const identity = fakeIdentityService({ url })
const server = setupServer(...identity.handlers)
const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
let app: ReturnType<typeof checkoutApp>

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
beforeEach(() => {
  app = checkoutApp(createIdentityClient({ url, retry: { maxAttempts: 2, baseDelayMs: 1 } }))
})
afterEach(async () => {
  await app.close()
  identity.reset()
  warn.mockClear()
})
afterAll(() => {
  server.close()
  warn.mockRestore()
})

async function place(orderId: string, email: string | null, phoneNumber: string | null) {
  const response = await app.inject({ method: 'POST', url: '/orders', payload: { orderId, email, phoneNumber } })
  return { status: response.statusCode, ...response.json() }
}

it('knows a returning customer under another e-mail', async () => {
  expect(await place('1', 'ann@example.com', '123')).toMatchObject({ status: 201, customerId: 1, isReturning: false })
  expect(await place('2', 'ann@work.example', '123')).toMatchObject({ status: 201, customerId: 1, isReturning: true })
  expect(await place('3', 'bob@example.com', '456')).toMatchObject({ customerId: 3, isReturning: false })
})

it('knows both of two customers who turn out to be one', async () => {
  await identity.seed([{ email: 'old@example.com' }])
  expect(await place('1', 'ann@example.com', null)).toMatchObject({ customerId: 2 })
  expect(await place('2', 'bob@example.com', '456')).toMatchObject({ customerId: 3 })
  expect(await place('3', 'ann@example.com', '456')).toMatchObject({ customerId: 2, isReturning: true })
})

it('tells the customer which field is wrong', async () => {
  expect(await place('1', 'ann', '123')).toMatchObject({
    status: 422,
    fields: { email: expect.stringContaining('found "ann"') },
  })
  expect((await app.inject('/orders/1')).statusCode).toBe(404)
})

it('does not notice a short failure of the identity service', async () => {
  identity.faults.unavailable({ times: 1, retryAfterS: 0 })
  expect(await place('1', 'ann@example.com', null)).toMatchObject({ customerId: 1 })
  expect(warn).not.toHaveBeenCalled()
})

it('takes orders while the identity service is away, and finds their customers later', async () => {
  identity.faults.network()
  expect(await place('1', 'ann@example.com', '123')).toMatchObject({ status: 201, customerId: null })
  expect(await place('2', 'bob@example.com', null)).toMatchObject({ status: 201, customerId: null })
  expect(warn).toHaveBeenCalledTimes(2)
  expect((await app.inject({ method: 'POST', url: '/orders/identify-later' })).statusCode).toBe(500)

  identity.faults.clear()
  const later = await app.inject({ method: 'POST', url: '/orders/identify-later' })
  expect(later.json()).toEqual({ left: 0 })
  expect((await app.inject('/orders/1')).json()).toMatchObject({ customerId: 1 })
  expect((await app.inject('/orders/2')).json()).toMatchObject({ customerId: 2 })
})
