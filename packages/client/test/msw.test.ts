import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createIdentityClient } from '../src/index.ts'
import { fakeIdentityService } from '../src/msw/index.ts'
import { failureOf } from './scripted-fetch.ts'

const url = 'https://shop.test/identity'
const identity = fakeIdentityService({ url })
const server = setupServer(...identity.handlers)
const client = createIdentityClient({ url, retry: { maxAttempts: 3, baseDelayMs: 1 } })

let requests: string[] = []
server.events.on('request:start', ({ request }) => {
  requests.push(`${request.method} ${new URL(request.url).pathname}`)
})

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => {
  identity.reset()
  requests = []
})
afterAll(() => server.close())

const ANN = { email: 'ann@example.com', phoneNumber: '1' }

function post(path: string, body: unknown): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

it('answers the typed client, calls that are made together in one request', async () => {
  const [first, second] = await Promise.all([
    client.identify.mutate(ANN),
    client.identify.mutate({ email: 'bob@example.com', phoneNumber: '1' }),
  ])
  expect(first.contact.primaryContactId).toBe(1)
  expect(second).toEqual({
    contact: {
      primaryContactId: 1,
      emails: ['ann@example.com', 'bob@example.com'],
      phoneNumbers: ['1'],
      secondaryContactIds: [2],
    },
    outcome: 'linked',
  })
  expect(requests).toEqual(['POST /identity/trpc/identify,identify'])
})

it('refuses a batch of more calls than the service takes, which the client never makes', async () => {
  const queries = Array.from({ length: 101 }, (_, n) => client.person.get.query({ contactId: n + 1 }))
  expect(await Promise.all(queries)).toEqual(queries.map(() => null))
  expect(requests.map((request) => request.split(',').length)).toEqual([100, 1])
  const response = await post(`/trpc/${queries.map(() => 'identify').join(',')}?batch=1`, {})
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error: { json: { data: { identityCode: 'invalid_request' } } } })
})

it('refuses and blocks by the rules that are set, at once', async () => {
  await client.identify.mutate(ANN)
  const bob = await client.identify.mutate({ email: 'bob@example.com', phoneNumber: '2' })
  const separation = await client.separations.create.mutate({ contactIds: [2, 1] })
  expect(separation).toMatchObject({ id: 1, contactIds: [1, 2] })
  const refused = { email: 'bob@example.com', phoneNumber: '1' }
  expect(await client.preview.query(refused)).toMatchObject({ outcome: 'refused', refusal: { separationId: 1 } })
  expect(await client.identify.mutate(refused)).toEqual({ ...bob, outcome: 'refused' })
  expect((await client.refusals.list.query({})).refusals).toMatchObject([{ personId: 2, otherPersonId: 1, count: 1 }])
  await client.identify.mutate({ email: 'ann.two@example.com', phoneNumber: '1' })
  const rule = { kind: 'phone', pattern: '1' } as const
  expect(await client.blockRules.preview.query(rule)).toMatchObject({ splitPersons: 1, partsAfter: 2, sample: [1] })
  expect(await client.blockRules.add.mutate(rule)).toMatchObject({ ...rule, isApplied: true })
  expect((await client.person.get.query({ contactId: 1 }))?.contact).toMatchObject({ phoneNumbers: [] })
  await expect(client.identify.mutate({ phoneNumber: '1' })).rejects.toMatchObject({ code: 'identifier_blocked' })
  await client.policy.set.mutate({ suspectThreshold: 1, blockSuspects: true })
  for (const phoneNumber of ['7', '8']) await client.identify.mutate({ email: 'till@example.com', phoneNumber })
  expect((await client.blockRules.list.query()).rules.map(({ pattern }) => pattern)).toEqual(['1', 'till@example.com'])
})

it('takes merges back, corrects persons, explains them and shows them as they were, as the service does', async () => {
  const [ann, bob] = [ANN, { email: 'bob@example.com', phoneNumber: '2' }]
  for (const request of [ann, bob, { ...ann, phoneNumber: '2' }]) await client.identify.mutate(request)
  const ends = { from: { email: ann.email }, to: { contactId: 2 } }
  expect((await client.person.explain.query(ends)).sentence).toMatch(/^An order of \d{4}-\d\d-\d\d had values of both/)
  const { events } = await client.person.history.query({ contactId: 1 })
  const [merge] = events.filter(({ type }) => type === 'persons.merged')
  const undone = await client.merge.undo.mutate({ eventId: merge!.id })
  expect(undone.persons.map(({ primaryContactId }) => primaryContactId)).toEqual([1, 2])
  const then = await client.person.asOf.query({ contactId: 2, at: merge!.at })
  expect(then).toMatchObject({ isComplete: true, logBeginsAt: events[0]!.at })
  const failure = await failureOf(client.person.split.mutate({ contactIds: [1] }))
  expect(failure).toMatchObject({ code: 'conflict', status: 409 })
  await client.contact.delete.mutate({ contactId: 1 })
  expect(await client.person.get.query({ contactId: 1 })).toBeNull()
  expect((await client.contact.restore.mutate({ contactId: 1 })).persons).toHaveLength(1)
  const gone = await client.person.erase.mutate({ contactId: 1, reason: 'asked for' })
  expect(gone).toEqual({ contactIds: [1], identifierCount: 2 })
  expect((await post('/contacts/restore', { contactId: 1 })).status).toBe(404)
})

it('lists and brings what happened, as the service does', async () => {
  await client.identify.mutate(ANN)
  const { promise, resolve } = Promise.withResolvers<unknown[]>()
  const seen: unknown[] = []
  const subscription = client.events.subscribe.subscribe(
    {},
    { onData: ({ data }) => seen.push(data) === 2 && resolve(seen) },
  )
  await client.identify.mutate({ ...ANN, phoneNumber: '2' })
  const { events } = await client.events.list.query({})
  expect(events.map(({ type, requestId }) => ({ type, requestId }))).toEqual([
    { type: 'person.created', requestId: expect.any(String) },
    { type: 'contact.added', requestId: expect.any(String) },
  ])
  expect(await promise).toEqual(events)
  subscription.unsubscribe()
  expect(await (await fetch(`${url}/events?after=${events[0]!.id}`)).json()).toEqual({ events: events.slice(1) })
})

it('answers plain HTTP, of the same persons', async () => {
  await client.identify.mutate(ANN)
  const expected = { contact: { primaryContactId: 1, emails: ['ann@example.com'] } }
  expect(await (await post('/identify', ANN)).json()).toMatchObject(expected)
  expect(await (await fetch(`${url}/persons?phoneNumber=1`)).json()).toMatchObject(expected)
  expect(await (await fetch(`${url}/persons/1`)).json()).toMatchObject(expected)
  const batch = await post('/identify/batch', { requests: [ANN, { email: 'ann' }] })
  expect(await batch.json()).toMatchObject({ results: [{ status: 'ok', ...expected }, { status: 'error' }] })
  const bad = await post('/identify', { email: 'ann' })
  expect([bad.status, bad.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8'])
})

it('starts from what it is seeded with, and forgets it', async () => {
  const persons = await identity.seed([ANN, { email: 'bob@example.com', phoneNumber: '1' }])
  expect(persons.map((person) => person.secondaryContactIds)).toEqual([[], [2]])
  expect(await client.person.get.query({ contactId: 2 })).toEqual({ contact: persons[1] })
  await expect(identity.seed([{ email: 'ann' }])).rejects.toThrow('email must be an address')
  identity.reset()
  expect(await client.person.get.query({ contactId: 1 })).toBeNull()
  expect((await client.identify.mutate({ phoneNumber: '2' })).contact.primaryContactId).toBe(1)
})

describe('faults', () => {
  it('unavailable: 503 on both transports, with Retry-After, while it lasts', async () => {
    identity.faults.unavailable({ times: 2, retryAfterS: 7 })
    const response = await post('/identify', ANN)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '7'])
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
    const failure = await failureOf(createIdentityClient({ url, retry: false }).identify.mutate(ANN))
    expect(failure).toMatchObject({ code: 'unavailable', status: 503, retryAfterS: 7 })
    expect((await post('/identify', ANN)).status).toBe(200)
  })

  it.each(['unavailable', 'network'] as const)('%s: the client repeats until it is over', async (fault) => {
    identity.faults[fault]({ times: 2, retryAfterS: 0 })
    expect((await client.identify.mutate(ANN)).contact.primaryContactId).toBe(1)
    expect(requests).toHaveLength(3)
  })

  it('network: no answer at all, until it is cleared', async () => {
    identity.faults.network()
    await expect(post('/identify', ANN)).rejects.toThrow(TypeError)
    expect(await failureOf(client.identify.mutate(ANN))).toMatchObject({ code: 'unreachable' })
    identity.faults.clear()
    expect((await client.identify.mutate(ANN)).contact.primaryContactId).toBe(1)
  })

  it('latency: an answer that comes after the client has given up', async () => {
    identity.faults.latency({ delayMs: 60_000, times: 1 })
    const impatient = createIdentityClient({ url, timeoutMs: 20 })
    expect(await failureOf(impatient.identify.mutate(ANN))).toMatchObject({ code: 'timeout' })
    expect((await client.identify.mutate(ANN)).contact.primaryContactId).toBe(1)
  })

  it('seeding knows none of them', async () => {
    identity.faults.network()
    expect(await identity.seed([ANN])).toHaveLength(1)
  })
})

it.each([
  [{ url: 'identity' }, 'url must be'],
  [{ url, defaultRegion: 'Atlantis' }, 'found "Atlantis"'],
])('refuses %o', (options, words) => {
  expect(() => fakeIdentityService(options)).toThrow(words)
})
