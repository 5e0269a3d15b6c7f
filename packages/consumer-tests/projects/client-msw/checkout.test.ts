// The app's own test of its own code.
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { customerOf } from './checkout.js'
import { identity } from './fake.js'

const server = setupServer(...identity.handlers)

beforeAll(() => server.listen())
beforeEach(() => identity.reset())
afterAll(() => server.close())

const order = { email: 'mcfly@hillvalley.edu', phone: '123456' }

it('knows a customer by the phone number', async () => {
  await identity.seed([{ email: 'doc@hillvalley.edu' }, { email: 'lorraine@hillvalley.edu', phoneNumber: '123456' }])
  expect(await customerOf(order)).toBe(2)
})

it('calls again after one failure', async () => {
  identity.faults.unavailable({ times: 1, retryAfterS: 0 })
  expect(await customerOf(order)).toBe(1)
})

it('goes on without the service', async () => {
  identity.faults.network()
  expect(await customerOf(order)).toBeNull()
})
