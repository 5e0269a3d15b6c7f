import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createIdentityClient } from '../src/index.ts'
import { fakeIdentityService } from '../src/msw/index.ts'
import { failureOf } from './scripted-fetch.ts'

const url = 'https://shop.test/identity'
const identity = fakeIdentityService({ url, apiKeys: { reader: 'read', checkout: 'identify' } })
const server = setupServer(...identity.handlers)
beforeAll(() => server.listen())
afterAll(() => server.close())

const clientOf = (apiKey: string | undefined) => createIdentityClient({ url, apiKey, retry: false })
const ANN = { email: 'ann@example.com' }

it('the fake asks for its keys, as the service does', async () => {
  expect(await clientOf('checkout').identify.mutate(ANN)).toMatchObject({ contact: { primaryContactId: 1 } })
  expect(await clientOf('reader').person.get.query(ANN)).toMatchObject({ contact: { primaryContactId: 1 } })
  expect(await failureOf(clientOf('reader').identify.mutate(ANN))).toMatchObject({ code: 'forbidden', status: 403 })
  for (const key of [undefined, 'other']) {
    expect(await failureOf(clientOf(key).identify.mutate(ANN))).toMatchObject({ code: 'unauthenticated', status: 401 })
  }
})

it('over plain HTTP, too', async () => {
  const get = (key: string) => fetch(`${url}/persons/1`, { headers: { authorization: `Bearer ${key}` } })
  expect((await get('reader')).status).toBe(200)
  const refused = await get('other')
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="identity"'])
  expect(await refused.json()).toMatchObject({ code: 'unauthenticated' })
})
