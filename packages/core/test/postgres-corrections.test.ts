import { type IdentityEvent, identifiersOf, type PersonsMerged, type RecordedEvent } from '@identity/core'
import { findValues, PostgresStore, type PostgresStore as Store, verify } from '@identity/core/postgres'
import {
  allContacts,
  claimAll,
  createTestDatabase,
  HILL_VALLEY,
  personsOf,
  seed,
  type TestDatabase,
} from '@identity/testkit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PostgresCorrections } from '../src/postgres/corrections/postgres-corrections.ts'

const ORIGIN = { actor: 'key', requestId: 'request' }
const GEORGE = { email: 'george@hillvalley.edu', phoneNumber: '919191' }
const BIFF = { email: 'biffsucks@hillvalley.edu', phoneNumber: '717171' }
const BOTH = { email: GEORGE.email, phoneNumber: BIFF.phoneNumber }

let cleanup: AsyncDisposableStack
let database: TestDatabase
let store: Store

beforeEach(async () => {
  cleanup = new AsyncDisposableStack()
  database = cleanup.use(await createTestDatabase())
  store = new PostgresStore(database.pool)
})
afterEach(async () => {
  const { findings } = await verify(database.db)
  expect(findings.filter(({ level, count }) => level === 'fault' && count > 0)).toEqual([])
  await cleanup.disposeAsync()
})

async function lastMerge(): Promise<RecordedEvent & PersonsMerged> {
  const events = await store.events(1, { limit: 1_000 })
  return events.findLast((event) => event.type === 'persons.merged')!
}

const typesOf = (events: readonly IdentityEvent[]) => events.map(({ type }) => type)

it('a merge is not undone where what was split since was split off another name of the person', async () => {
  for (const request of [GEORGE, BIFF, BOTH]) await store.identify(1, [request])
  const { id } = await lastMerge()
  const older = { email: 'biff@hillvalley.edu', phoneNumber: BIFF.phoneNumber, createdAt: new Date('1955-11-05') }
  const [added] = await store.identify(1, [older])
  expect(added!.person).toMatchObject({ primaryContactId: 3, secondaryContactIds: [1, 2] })
  await store.corrections.split(1, { contactIds: [1], keepApart: false })
  await expect(store.corrections.undo(1, id)).rejects.toMatchObject({
    code: 'conflict',
    problems: [{ detail: expect.stringContaining('split it') }],
  })
})

it('what split the person under another name is in the way of an undo also when the survivor has left that person', async () => {
  for (const request of [GEORGE, BIFF, BOTH]) await store.identify(1, [request])
  const { id } = await lastMerge()
  const older = { email: 'biff@hillvalley.edu', phoneNumber: BIFF.phoneNumber, createdAt: new Date('1955-11-05') }
  await store.identify(1, [older])
  await store.identify(1, [{ email: older.email, phoneNumber: '515151' }])
  for (const contactId of [4, 1]) await store.corrections.split(1, { contactIds: [contactId], keepApart: false })
  const [one, other] = (await store.events(1, { limit: 1_000 })).filter(({ type }) => type === 'person.split')
  await expect(store.corrections.undo(1, id)).rejects.toMatchObject({
    problems: [{ detail: `Event ${one!.id} split it.` }, { detail: `Event ${other!.id} split it.` }],
  })
})

it('a merge that is undone is as it never was, but for the log; the same order merges again', async () => {
  for (const request of [GEORGE, BIFF]) await store.identify(1, [request])
  const before = await allContacts(database.db)
  const [merged] = await store.identify(1, [BOTH])
  const { id } = await lastMerge()
  const foreseen = await store.corrections.undo(1, id, { dryRun: true })
  expect(personsOf(await allContacts(database.db))).toEqual({ 1: [1, 2] })
  expect(await store.corrections.undo(1, id, { origin: ORIGIN })).toEqual(foreseen)
  const restored = (contacts: typeof before) => contacts.map(({ updatedAt: _, ...contact }) => contact)
  expect(restored(await allContacts(database.db))).toEqual(restored(before))
  const events = await store.events(1, { limit: 10 })
  expect(events.at(-1)).toMatchObject({ type: 'person.split', cause: 'undo', eventId: id, ...ORIGIN })
  await expect(store.corrections.undo(1, id)).rejects.toMatchObject({ code: 'conflict' })
  await expect(store.corrections.undo(1, '1-0')).rejects.toThrow('no merge')
  expect((await store.identify(1, [BOTH]))[0]).toEqual(merged)
  // A side whose contacts are all deleted by now is no person to show (rule R6).
  await store.corrections.deleteContact(1, 2)
  const { persons } = await store.corrections.undo(1, (await lastMerge()).id)
  expect(persons).toMatchObject([{ primaryContactId: 1, secondaryContactIds: [] }])
})

it('a split keeps its sides apart, gives each value to who had it first, and is told by the log', async () => {
  await seed(database.db, HILL_VALLEY)
  const done = await store.corrections.split(1, { contactIds: [23], keepApart: true })
  expect(done).toMatchObject({ persons: [{ primaryContactId: 1 }, { primaryContactId: 23, phoneNumbers: [] }] })
  const [joining] = await store.identify(1, [{ email: 'mcfly@hillvalley.edu', phoneNumber: '123456' }])
  expect(joining).toMatchObject({ outcome: 'refused', person: { primaryContactId: 23 } })
  await expect(store.corrections.split(1, { contactIds: [23], keepApart: true })).rejects.toThrow('all contacts')
  await expect(store.corrections.split(1, { contactIds: [99], keepApart: true })).rejects.toThrow('no contact 99')
})

it('a deleted contact frees its values, and is what it was when restored, whoever has come meanwhile', async () => {
  await seed(database.db, HILL_VALLEY)
  expect(await store.corrections.deleteContact(1, 1)).toMatchObject({ persons: [{ primaryContactId: 23 }] })
  const [other] = await store.identify(1, [{ email: 'lorraine@hillvalley.edu', phoneNumber: null }])
  expect(other).toMatchObject({ outcome: 'created' })
  await expect(store.corrections.deleteContact(1, 1)).rejects.toMatchObject({ code: 'not_found' })
  const { persons } = await store.corrections.restoreContact(1, 1)
  expect(persons).toEqual([expect.objectContaining({ primaryContactId: 1, secondaryContactIds: [23, 24] })])
  await expect(store.corrections.restoreContact(1, 1)).rejects.toMatchObject({ code: 'not_found' })
})

it('a value of a deleted contact that another person has by now is not erased with it', async () => {
  for (const request of [
    GEORGE,
    { email: GEORGE.email, phoneNumber: '1' },
    { ...BIFF, phoneNumber: GEORGE.phoneNumber },
  ])
    await store.identify(1, [request])
  expect((await store.corrections.deleteContact(1, 1)).persons).toHaveLength(2)
  expect(await store.corrections.erase(1, { contactId: 1, reason: null })).toEqual({
    contactIds: [1, 2],
    identifierCount: 2,
  })
})

it('what is erased is nowhere, not as a copy on another person either; its ids never come again', async () => {
  for (const request of [GEORGE, { ...BIFF, phoneNumber: GEORGE.phoneNumber }]) await store.identify(1, [request])
  // Biff's contact keeps George's phone number, released.
  await store.corrections.split(1, { contactIds: [2], keepApart: true })
  await database.db`insert into contact (workspace_id, id, email, link_precedence) values (1, 500, 'high@example.com', 'primary')`
  await claimAll(database.db)
  const values = [GEORGE.email, GEORGE.phoneNumber]
  expect((await findValues(database.db, values)).map(({ table, column }) => `${table}.${column}`)).toEqual(
    expect.arrayContaining(['contact.email', 'contact.phone_number']),
  )
  const query = { contactId: 1, reason: 'asked for' }
  const foreseen = await store.corrections.erase(1, query, { dryRun: true })
  expect(await store.corrections.erase(1, query)).toEqual(foreseen)
  expect(foreseen).toEqual({ contactIds: [1], identifierCount: 2 })
  expect(await findValues(database.db, values)).toEqual([])
  expect(await store.find(1, { contactId: 2 })).toMatchObject({ emails: [BIFF.email], phoneNumbers: [] })
  const events = await store.events(1, { limit: 10 })
  expect(events.at(-1)).toMatchObject({ type: 'person.erased', contactIds: [1], reason: 'asked for' })
  await store.corrections.erase(1, { contactId: 500, reason: null })
  const [fresh] = await store.identify(1, [GEORGE])
  expect(fresh!.person.primaryContactId).toBe(501)
  await expect(store.corrections.erase(1, { contactId: 1, reason: null })).rejects.toMatchObject({ code: 'not_found' })
})

it('a person is explained, told of from its beginning, and shown as it was', async () => {
  for (const request of [GEORGE, BIFF, BOTH]) await store.identify(1, [request])
  const { id, at } = await lastMerge()
  const ends = [{ identifier: identifiersOf(GEORGE)[0]! }, { contactId: 2 }] as const
  expect((await store.inquiries.explain(1, ...ends)).links).toMatchObject([{ by: 'request' }])
  await store.corrections.undo(1, id)
  await store.identify(1, [{ email: 'new@hillvalley.edu', phoneNumber: BIFF.phoneNumber }])
  await expect(store.inquiries.explain(1, ...ends)).rejects.toMatchObject({ code: 'not_found' })
  const history = await store.inquiries.history(1, 3, { limit: 10 })
  // Of both persons up to the merge and the undo, and after that of Biff's alone.
  const types = ['person.created', 'person.created', 'persons.merged', 'person.split', 'contact.added']
  expect(typesOf(history)).toEqual(types)
  expect(await store.inquiries.history(1, 3, { after: history[1]!.id, limit: 1 })).toEqual([history[2]])
  const merged = await store.inquiries.asOf(1, 2, new Date(at))
  expect(merged).toMatchObject({ isComplete: true, person: { primaryContactId: 1, secondaryContactIds: [2] } })
  const early = store.inquiries.asOf(1, 2, new Date(Date.parse(at) - 3_600_000))
  await expect(early).rejects.toMatchObject({ code: 'not_found' })
  await expect(store.inquiries.history(1, 99, { limit: 10 })).rejects.toMatchObject({ code: 'not_found' })
})

it('after one that took long, the next waits while identify is busy', async () => {
  await store.identify(1, [{ email: 'ann@example.com', phoneNumber: null }])
  let isBusy = true
  const rules = { of: () => undefined, isCurrent: () => true }
  const options = { maxQueued: 10, timeoutMs: 5_000, rules, isBusy: () => isBusy }
  const corrections = new PostgresCorrections(database.pool, options)
  await database.db`begin`
  await database.db`select from contact where id = 1 for update`
  const long = corrections.deleteContact(1, 1)
  const untilMs = performance.now() + 200
  while (performance.now() < untilMs) await database.pool.use((db) => db`select 1`)
  await database.db`rollback`
  await long
  let isDone = false
  const next = corrections.restoreContact(1, 1).then(() => {
    isDone = true
  })
  for (let n = 0; n < 5; n++) await database.pool.use((db) => db`select 1`)
  expect(isDone).toBe(false)
  isBusy = false
  corrections.wake()
  await next
})

it('while a split waits until a separation may be made, others are corrected', async () => {
  await store.identify(1, [GEORGE, BIFF, { ...GEORGE, phoneNumber: BIFF.phoneNumber }])
  const { promise: mayBeMade, resolve: allow } = Promise.withResolvers<void>()
  const { promise: isWaiting, resolve: wait } = Promise.withResolvers<void>()
  const corrections = new PostgresCorrections(database.pool, {
    maxQueued: 10,
    timeoutMs: 5_000,
    rules: { of: () => undefined, isCurrent: () => true },
    beforeSeparation: () => {
      wait()
      return mayBeMade
    },
  })
  const split = corrections.split(1, { contactIds: [2], keepApart: true })
  await isWaiting
  await corrections.deleteContact(1, 1)
  allow()
  await expect(split).rejects.toMatchObject({ code: 'conflict' })
})

it('a person of 10,000 contacts is merged, undone, split and erased', { timeout: 60_000 }, async () => {
  const [half, at] = [5_000, new Date('2024-01-01')]
  await database.db`
    insert into contact (workspace_id, id, email, phone_number, linked_id, link_precedence, created_at)
    select 1, n, 'e' || n || '@example.com', 'x' || (n % 2), case when n > 2 then 2 - n % 2 end,
      case when n > 2 then 'secondary' else 'primary' end, ${at}::timestamptz + n * interval '1 second'
    from generate_series(1, ${2 * half}::int) n`
  await database.db.unsafe(`
    update contact set phone_number = (5550100 + id % 2)::text;
    select setval('contact_id_seq', 10000)`)
  await claimAll(database.db)
  const big = new PostgresStore(database.pool, { timeoutMs: 60_000 })
  await big.identify(1, [{ email: 'e1@example.com', phoneNumber: '5550100' }])
  const { id } = await lastMerge()
  const { persons } = await big.corrections.undo(1, id)
  expect(persons.map(({ secondaryContactIds }) => secondaryContactIds.length)).toEqual([half - 1, half - 1])
  await big.identify(1, [{ email: 'e1@example.com', phoneNumber: '5550100' }])
  const contactIds = Array.from({ length: half }, (_, n) => n + 3)
  const parted = await big.corrections.split(1, { contactIds, keepApart: false })
  expect(parted.persons.map(({ emails }) => emails.length)).toEqual([half, half])
  const gone = await big.corrections.erase(1, { contactId: 1, reason: null })
  expect(gone.contactIds).toHaveLength(half)
})
