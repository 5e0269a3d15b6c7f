import type { ProblemDocument } from '@identity/api'
import { allContacts, createTestDatabase, HILL_VALLEY, postIdentify, seed, startLocalServer } from '@identity/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

const cleanup = new AsyncDisposableStack()
let url: string
let before: unknown
let contacts: () => Promise<unknown>

beforeAll(async () => {
  const database = cleanup.use(await createTestDatabase())
  await seed(database.db, HILL_VALLEY)
  url = cleanup.use(await startLocalServer({ DATABASE_URL: database.url })).url
  await postIdentify(url, { email: 'ann+shop@example.com', phoneNumber: '+1 415 555 0100' })
  contacts = () => allContacts(database.db)
  before = await contacts()
})
afterAll(() => cleanup.disposeAsync())

it.each([
  ['/persons?email=mcfly@hillvalley.edu', 1],
  ['/persons/?email=mcfly%40hillvalley.edu', 1],
  ['/persons?email=%20MCFLY@hillvalley.edu&orderId=7', 1],
  ['/persons?phoneNumber=123456', 1],
  ['/persons?phoneNumber=(12)%2034-56', 1],
  ['/persons/1', 1],
  ['/persons/23', 1],
  ['/persons/23/', 1],
  // A plus as people write it, as encodeURIComponent writes it, and as forms write it with their spaces.
  ['/persons?email=ann+shop@example.com', 24],
  ['/persons?email=ann%2Bshop%40example.com', 24],
  ['/persons?phoneNumber=+14155550100', 24],
  ['/persons?phoneNumber=%2B1%20415%20555%200100', 24],
  ['/persons?phoneNumber=%2B1+415+555+0100', 24],
])('GET %s finds the person, and writes nothing', async (path, primaryContactId) => {
  const response = await fetch(url + path)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ contact: { primaryContactId } })
  expect((await fetch(url + path, { method: 'HEAD' })).status).toBe(200)
  expect(await contacts()).toEqual(before)
})

it.each<[path: string, status: number, code: string, field?: string]>([
  ['/persons', 400, 'invalid_request', 'query'],
  ['/persons?', 400, 'invalid_request', 'query'],
  ['/persons?mail=ann@example.com', 400, 'invalid_request', 'query'],
  ['/persons?email=ann@example.com&phoneNumber=1', 400, 'invalid_request', 'query'],
  ['/persons?email=ann@example.com&email=bob@example.com', 400, 'invalid_request', 'query'],
  ['/persons?email=', 400, 'invalid_request', 'email'],
  ['/persons?email=ann', 400, 'invalid_request', 'email'],
  ['/persons?phoneNumber=ann', 400, 'invalid_request', 'phoneNumber'],
  ['/persons?email=%ff', 400, 'invalid_request', 'email'],
  ['/persons/0', 400, 'invalid_request', 'contactId'],
  ['/persons/-1', 400, 'invalid_request', 'contactId'],
  ['/persons/1.5', 400, 'invalid_request', 'contactId'],
  ['/persons/ann@example.com', 400, 'invalid_request', 'contactId'],
  ['/persons/99999999999999999999', 400, 'invalid_request', 'contactId'],
  ['/persons/2', 404, 'not_found'],
  ['/persons/999999999999999', 404, 'not_found'],
  ['/persons?email=nobody@example.com', 404, 'not_found'],
  ['/persons?phoneNumber=99', 404, 'not_found'],
  ['/persons/1/contacts', 404, 'not_found'],
])('GET %s: %i', async (path, status, code, field) => {
  const response = await fetch(url + path)
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  const problem = (await response.json()) as ProblemDocument
  expect({ ...problem, found: response.status }).toMatchObject({ status, code, found: status })
  expect(problem.errors?.[0]?.field).toBe(field)
})

it.each(['/persons', '/persons/1'])('POST %s: 405 with Allow', async (path) => {
  const response = await fetch(url + path, { method: 'POST' })
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})
