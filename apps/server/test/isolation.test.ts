import { appRouter } from '@identity/api'
import { createKey } from '@identity/core/postgres'
import { createTestDatabase, startLocalServer, type TestDatabase } from '@identity/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { operationsOf, readDocument } from './openapi-operations.ts'
import { WEBHOOK_WAYS } from './webhooks/ways.ts'

/*
 * Two shops on one server. The victim has a customer, Ann; the intruder has a key of its own with every scope, knows Ann's
 * e-mail and contact id, and tries every procedure and every route with them.
 */

const EMAIL = 'ann@example.com'
/** What only the victim knows of Ann. */
const SECRETS = ['5550100', 'ann.private@example.com']
const ANN = { email: EMAIL, phoneNumber: SECRETS[0] }

interface Probe {
  readonly path: string
  readonly body?: unknown
  /** @default POST where there is a body, else GET */
  readonly method?: string
}

/** One way in: what is asked of it, with what the intruder knows. A new procedure or route fails here until it has one. */
const PROBES: Record<string, (contactId: number) => Probe> = {
  'trpc identify': () => ({ path: '/trpc/identify', body: { json: { email: EMAIL } } }),
  'trpc identifyMany': () => ({ path: '/trpc/identifyMany', body: { json: [{ email: EMAIL }, { email: EMAIL }] } }),
  'trpc preview': () => ({ path: `/trpc/preview?input=${encoded({ email: EMAIL })}` }),
  'trpc person.get': (contactId) => ({ path: `/trpc/person.get?input=${encoded({ contactId })}` }),
  'trpc person.explain': (contactId) => ({ path: `/trpc/person.explain?input=${encoded(endsOf(contactId))}` }),
  'trpc person.history': (contactId) => ({ path: `/trpc/person.history?input=${encoded({ contactId })}` }),
  'trpc person.asOf': (contactId) => ({ path: `/trpc/person.asOf?input=${encoded({ contactId, at: LATER })}` }),
  'trpc person.split': (contactId) => ({ path: '/trpc/person.split', body: { json: splitOf(contactId) } }),
  'trpc person.erase': (contactId) => ({ path: '/trpc/person.erase', body: { json: { contactId, dryRun: true } } }),
  'trpc contact.delete': (contactId) => ({ path: '/trpc/contact.delete', body: { json: { contactId } } }),
  'trpc contact.restore': (contactId) => ({ path: '/trpc/contact.restore', body: { json: { contactId } } }),
  'trpc merge.undo': () => ({ path: '/trpc/merge.undo', body: { json: { eventId: '1-0' } } }),
  'POST /persons/explain': (contactId) => ({ path: '/persons/explain', body: endsOf(contactId) }),
  'GET /persons/{contactId}/history': (contactId) => ({ path: `/persons/${contactId}/history` }),
  'GET /persons/{contactId}/as-of': (contactId) => ({ path: `/persons/${contactId}/as-of?at=${LATER}` }),
  'POST /persons/split': (contactId) => ({ path: '/persons/split', body: splitOf(contactId) }),
  'POST /persons/erase': (contactId) => ({ path: '/persons/erase', body: { contactId } }),
  'POST /contacts/delete': (contactId) => ({ path: '/contacts/delete', body: { contactId } }),
  'POST /contacts/restore': (contactId) => ({ path: '/contacts/restore', body: { contactId } }),
  'POST /merges/undo': () => ({ path: '/merges/undo', body: { eventId: '1-0' } }),
  'POST /identify': () => ({ path: '/identify', body: { email: EMAIL } }),
  'POST /identify/batch': () => ({ path: '/identify/batch', body: { requests: [{ email: EMAIL }] } }),
  'POST /identify/preview': () => ({ path: '/identify/preview', body: { email: EMAIL } }),
  'GET /persons': () => ({ path: `/persons?email=${EMAIL}` }),
  'GET /persons/{contactId}': (contactId) => ({ path: `/persons/${contactId}` }),
}

/** Those that tell what happened, by ids alone. */
const EVENTS: Record<string, string> = {
  'trpc events.list': `/trpc/events.list?input=${encoded({})}`,
  'trpc events.subscribe': `/trpc/events.subscribe?input=${encoded({})}`,
  'GET /events': '/events',
}

/** What an id of the victim's rules looks like: its own it may see, and nobody else. */
const VICTIMS_ID = 777_001

/** Those about what a workspace refuses and blocks, by the victim's ids. */
const RULES: Record<string, (contactId: number) => Probe> = {
  'trpc policy.get': () => ({ path: `/trpc/policy.get` }),
  'trpc policy.set': () => ({ path: '/trpc/policy.set', body: { json: { maxEmails: 5 } } }),
  'trpc blockRules.list': () => ({ path: '/trpc/blockRules.list' }),
  'trpc blockRules.add': () => ({ path: '/trpc/blockRules.add', body: { json: { kind: 'email', pattern: EMAIL } } }),
  'trpc blockRules.remove': () => ({ path: '/trpc/blockRules.remove', body: { json: { id: VICTIMS_ID } } }),
  'trpc blockRules.preview': () => ({
    path: `/trpc/blockRules.preview?input=${encoded({ kind: 'email', pattern: EMAIL })}`,
  }),
  'trpc separations.create': (contactId) => ({
    path: '/trpc/separations.create',
    body: { json: { contactIds: [contactId, contactId + 1] } },
  }),
  'trpc separations.list': () => ({ path: `/trpc/separations.list?input=${encoded({})}` }),
  'trpc separations.release': () => ({ path: '/trpc/separations.release', body: { json: { id: VICTIMS_ID } } }),
  'trpc refusals.list': () => ({ path: `/trpc/refusals.list?input=${encoded({})}` }),
  'GET /policy': () => ({ path: '/policy' }),
  'PATCH /policy': () => ({ method: 'PATCH', path: '/policy', body: { maxEmails: 5 } }),
  'GET /block-rules': () => ({ path: '/block-rules' }),
  'POST /block-rules': () => ({ path: '/block-rules', body: { kind: 'email', pattern: EMAIL } }),
  'DELETE /block-rules/{id}': () => ({ method: 'DELETE', path: `/block-rules/${VICTIMS_ID}` }),
  'POST /block-rules/preview': () => ({ path: '/block-rules/preview', body: { kind: 'email', pattern: EMAIL } }),
  'GET /separations': () => ({ path: '/separations' }),
  'POST /separations': (contactId) => ({ path: '/separations', body: { contactIds: [contactId, contactId + 1] } }),
  'DELETE /separations/{id}': () => ({ method: 'DELETE', path: `/separations/${VICTIMS_ID}` }),
  'GET /refusals': () => ({ path: '/refusals' }),
}

/** What the victim is told where that is not all of Ann's secrets. */
const OWN: Record<string, (contactId: number) => string[]> = {
  'person.explain': () => [SECRETS[0]!],
  'person.history': (contactId) => [`"personId":${contactId}`],
  'person.split': () => [EMAIL, SECRETS[1]!],
  'person.erase': (contactId) => [`"contactIds":[${contactId},`],
  'contact.restore': (contactId) => [`no deleted contact ${contactId}`],
  'merge.undo': () => ['is no merge'],
  'POST /persons/explain': () => [SECRETS[0]!],
  'GET /persons/{contactId}/history': (contactId) => [`"personId":${contactId}`],
  'POST /persons/split': () => [EMAIL, SECRETS[1]!],
  'POST /persons/erase': (contactId) => [`"contactIds":[${contactId},`],
  'POST /contacts/restore': (contactId) => [`no deleted contact ${contactId}`],
  'POST /merges/undo': () => ['is no merge'],
}

const LATER = '2100-01-01T00:00:00Z'

function endsOf(contactId: number): object {
  return { from: { contactId }, to: { email: EMAIL } }
}

function splitOf(contactId: number): object {
  return { contactIds: [contactId], keepApart: false }
}

function encoded(input: unknown): string {
  return encodeURIComponent(JSON.stringify({ json: input }))
}

const cleanup = new AsyncDisposableStack()
let database: TestDatabase
let url: string
let victim: { key: string; workspace: { id: number } }
let intruder: { key: string; workspace: { id: number } }
let contactId: number

beforeAll(async () => {
  database = cleanup.use(await createTestDatabase())
  victim = await createKey(database.db, { workspace: 'victim', scope: 'admin' })
  intruder = await createKey(database.db, { workspace: 'intruder', scope: 'admin' })
  url = cleanup.use(await startLocalServer({ DATABASE_URL: database.url })).url
})
beforeEach(async () => {
  await database.db`truncate contact cascade`
  const first = await send(victim.key, { path: '/identify', body: ANN })
  contactId = JSON.parse(first).contact.primaryContactId
  await send(victim.key, { path: '/identify', body: { email: SECRETS[1], phoneNumber: SECRETS[0] } })
})
afterAll(() => cleanup.disposeAsync())

async function send(key: string, { path, body, method = body === undefined ? 'GET' : 'POST' }: Probe): Promise<string> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return response.text()
}

const rowsOf = ({ workspace }: { workspace: { id: number } }) =>
  database.db`select * from contact where workspace_id = ${workspace.id} order by id`

describe.each(Object.keys(PROBES))('%s', (name) => {
  it('shows its own shop what there is, and another shop nothing; and changes nothing of the other', async () => {
    const before = await rowsOf(victim)
    const stolen = await send(intruder.key, PROBES[name]!(contactId))
    for (const secret of SECRETS) expect(stolen).not.toContain(secret)
    expect(stolen).not.toMatch(new RegExp(`"primaryContactId":${contactId}\\b`))
    expect(await rowsOf(victim)).toEqual(before)
    const own = await send(victim.key, PROBES[name]!(contactId))
    for (const said of OWN[name.replace('trpc ', '')]?.(contactId) ?? SECRETS) expect(own).toContain(said)
  })
})

/** The contacts in the first events that are told: a subscription has no end. */
async function contactsTold(key: string, path: string): Promise<string[]> {
  const leaving = new AbortController()
  const { body } = await fetch(url + path, { headers: { authorization: `Bearer ${key}` }, signal: leaving.signal })
  let text = ''
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('"contactId":')) break
  }
  leaving.abort()
  return text.match(/"contactId":\d+/g)!
}

it.each(Object.entries(EVENTS))('%s tells each shop what happened in its own', async (_, path) => {
  await send(intruder.key, { path: '/identify', body: ANN })
  const [own, other] = await Promise.all([victim, intruder].map(({ key }) => contactsTold(key, path)))
  expect(own!.filter((contact) => other!.includes(contact))).toEqual([])
})

it('whatever one shop asks and changes of rules, it sees and changes nothing of another', async () => {
  const { db } = database
  const { id } = victim.workspace
  await db`insert into policy (workspace_id, max_phone_numbers, has_separations) values (${id}, ${VICTIMS_ID}, true)`
  await db`insert into block_rule (workspace_id, id, kind, pattern) values (${id}, ${VICTIMS_ID}, 'phone', '777')`
  await db`
    insert into separation (workspace_id, id, contact_id, other_contact_id)
    values (${id}, ${VICTIMS_ID}, ${contactId}, ${contactId + 1})`
  await db`
    insert into refusal (workspace_id, person_id, other_person_id, reason, first_at, last_at)
    values (${id}, ${VICTIMS_ID}, 0, 'email-limit', now(), now())`
  const tables = ['contact', 'policy', 'separation', 'refusal']
  const rows = () => Promise.all(tables.map((table) => db.unsafe(`select * from ${table} where workspace_id = ${id}`)))
  const before = await rows()
  const stolen = await Promise.all(Object.values(RULES).map((probe) => send(intruder.key, probe(contactId))))
  expect(await rows()).toEqual(before)
  expect(stolen.join()).not.toContain(String(VICTIMS_ID))
  expect(stolen.join()).toContain(`There is no contact ${contactId}`)
  expect(await db`select id from block_rule where workspace_id = ${id}`).toHaveLength(1)
  const lists = Object.keys(RULES).filter((name) => /\.(get|list)$|^GET /.test(name))
  for (const name of lists) expect(await send(victim.key, RULES[name]!(contactId))).toContain(String(VICTIMS_ID))
  await db`truncate policy, block_rule, separation, refusal`
})

it('these are all procedures and routes there are', async () => {
  const procedures = Object.keys(appRouter._def.procedures).map((path) => `trpc ${path}`)
  const routes = operationsOf(await readDocument(url)).map(({ method, path }) => `${method} ${path}`)
  expect(Object.keys({ ...PROBES, ...EVENTS, ...RULES, ...WEBHOOK_WAYS }).toSorted()).toEqual(
    [...procedures, ...routes].toSorted(),
  )
})

it('the same e-mail and phone are two persons in two shops', async () => {
  const answer = JSON.parse(await send(intruder.key, { path: '/identify', body: ANN }))
  expect(answer.contact).toMatchObject({ emails: [EMAIL], phoneNumbers: [ANN.phoneNumber], secondaryContactIds: [] })
  expect(answer.contact.primaryContactId).not.toBe(contactId)
})
