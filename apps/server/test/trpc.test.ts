import { createIdentityClient, type IdentityClient, IdentityClientError } from '@identity/client'
import {
  allContacts,
  createTestDatabase,
  HILL_VALLEY,
  seed,
  startLocalServer,
  type TestDatabase,
  TWO_PRIMARIES,
} from '@identity/testkit'

import { afterAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'

let database: TestDatabase
let client: IdentityClient
let cleanup = new AsyncDisposableStack()

beforeEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
  database = cleanup.use(await createTestDatabase())
  const { url } = cleanup.use(await startLocalServer({ DATABASE_URL: database.url, DEFAULT_REGION: 'IN' }))
  client = createIdentityClient({ url })
})
afterAll(() => cleanup.disposeAsync())

describe('identify', () => {
  it('answers as the plain route does, typed', async () => {
    await seed(database.db, HILL_VALLEY)
    const answer = await client.identify.mutate({ email: 'mcfly@hillvalley.edu', phoneNumber: 123456 })
    expectTypeOf(answer.contact.primaryContactId).toEqualTypeOf<number>()
    expectTypeOf(answer.contact.emails).toEqualTypeOf<string[]>()
    expect(answer).toEqual({
      contact: {
        primaryContactId: 1,
        emails: ['lorraine@hillvalley.edu', 'mcfly@hillvalley.edu'],
        phoneNumbers: ['123456'],
        secondaryContactIds: [23],
      },
      outcome: 'existing',
    })
  })

  it('says which fields are wrong, whoever found it', async () => {
    // @ts-expect-error an e-mail is a string
    const wrongType = await failureOf(client.identify.mutate({ email: 5 }))
    expect(wrongType).toMatchObject({ code: 'invalid_request', problems: [{ field: 'email' }] })
    const wrongValue = await failureOf(client.identify.mutate({ email: 'ann', phoneNumber: 'x' }))
    expect(wrongValue).toMatchObject({
      code: 'invalid_request',
      status: 400,
      problems: [{ field: 'email' }, { field: 'phoneNumber' }],
      data: { code: 'BAD_REQUEST', httpStatus: 400, identityCode: 'invalid_request' },
    })
    const nothing = await failureOf(client.identify.mutate({}))
    expect(nothing.message).toBe('email and phoneNumber are both absent or blank; send at least one.')
    expect(JSON.stringify([wrongType, wrongValue])).not.toContain('node_modules')
  })

  it('calls made together travel together, and one that is wrong harms no other', async () => {
    const [good, bad] = await Promise.allSettled([
      client.identify.mutate({ email: 'ann@example.com' }),
      client.identify.mutate({ email: 'ann' }),
    ])
    expect([good!.status, bad!.status]).toEqual(['fulfilled', 'rejected'])
  })
})

describe('identifyMany', () => {
  it('answers in order, as if called one after another; a bad request is reported in its place', async () => {
    const results = await client.identifyMany.mutate([
      { email: 'ann@example.com', phoneNumber: '1' },
      { email: 'nobody' },
      { email: 'ann@example.com', phoneNumber: '2' },
      { phoneNumber: '2' },
      // @ts-expect-error nor is this a request
      7,
      {},
    ])
    expect(results.map((result) => result.status)).toEqual(['ok', 'error', 'ok', 'ok', 'error', 'error'])
    expect(results[1]).toMatchObject({ error: { code: 'invalid_request', problems: [{ field: 'email' }] } })
    expect(results[4]).toMatchObject({ error: { problems: [{ field: 'body' }] } })
    expect(results[3]).toMatchObject({
      contact: { primaryContactId: 1, phoneNumbers: ['1', '2'], secondaryContactIds: [2] },
    })
    expect(await allContacts(database.db)).toHaveLength(2)
  })

  it('takes 1,000 requests and refuses 1,001', async () => {
    const requests = Array.from({ length: 1_000 }, (_, n) => ({ email: `many${n % 400}@example.com`, phoneNumber: n }))
    const results = await client.identifyMany.mutate(requests)
    expect(results.every((result) => result.status === 'ok')).toBe(true)
    expect(results[999]).toMatchObject({ contact: { emails: ['many199@example.com'] } })
    const failure = await failureOf(client.identifyMany.mutate([...requests, { phoneNumber: '1' }]))
    expect(failure.message).toContain('found 1001')
    expect(await client.identifyMany.mutate([])).toEqual([])
  })
})

it('however many queries are made together, all are answered, and none of their values is in an address', async () => {
  const emails = Array.from({ length: 250 }, (_, n) => `${'long'.repeat(15)}${n}@example.com`)
  const previews = await Promise.all(emails.map((email) => client.preview.query({ email, phoneNumber: '14155550100' })))
  expect(previews.map(({ contact }) => contact.emails[0])).toEqual(emails)
})

it('one request that the database refuses is reported in its place', async () => {
  await database.db`alter table contact add constraint unforeseen check (phone_number <> '13')`
  const results = await client.identifyMany.mutate(Array.from({ length: 30 }, (_, n) => ({ phoneNumber: n })))
  expect(results.flatMap(({ status }, n) => (status === 'error' ? [n] : []))).toEqual([13])
  expect(results[13]).toMatchObject({ error: { code: 'internal' } })
})

describe('person.get', () => {
  it('finds a person by contact id, e-mail or phone, and writes nothing', async () => {
    await seed(database.db, HILL_VALLEY)
    for (const query of [{ contactId: 23 }, { email: ' MCFLY@hillvalley.edu' }, { phoneNumber: 123456 }]) {
      expect(await client.person.get.query(query)).toMatchObject({ contact: { primaryContactId: 1 } })
    }
    expect(await client.person.get.query({ contactId: 2 })).toBeNull()
    expect(await client.person.get.query({ email: 'nobody@hillvalley.edu' })).toBeNull()
    expect(await allContacts(database.db)).toEqual(HILL_VALLEY)
  })

  it.each([
    {},
    { contactId: 0 },
    { contactId: 1.5 },
    { email: 'ann' },
    { email: '' },
    { contactId: 1, email: 'ann@example.com' },
  ])('refuses %j', async (query) => {
    const failure = await failureOf(client.person.get.query(query as { contactId: number }))
    expect(failure.code).toBe('invalid_request')
  })
})

it('preview tells what identify would do, and writes nothing', async () => {
  await seed(database.db, TWO_PRIMARIES)
  expect(await client.preview.query({ email: 'george@hillvalley.edu', phoneNumber: '717171' })).toEqual({
    outcome: 'merged',
    contact: {
      primaryContactId: 11,
      emails: ['george@hillvalley.edu', 'biffsucks@hillvalley.edu'],
      phoneNumbers: ['919191', '717171'],
      secondaryContactIds: [27],
    },
    newContact: null,
    movedContactIds: [27],
    refusal: null,
  })
  expect(await client.preview.query({ email: 'new@hillvalley.edu', phoneNumber: '098765 43210' })).toMatchObject({
    outcome: 'created',
    contact: { primaryContactId: null, phoneNumbers: ['+919876543210'] },
  })
  expect(await allContacts(database.db)).toEqual(TWO_PRIMARIES)
})

async function failureOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof IdentityClientError)) throw new Error('expected the call to fail with an IdentityClientError')
  return error
}
