import type { Contact } from '@identity/core'
import { type Client, createKey } from '@identity/core/postgres'
import {
  createTestDatabase,
  HILL_VALLEY,
  seed,
  startLocalServer,
  type TestDatabase,
  TWO_PRIMARIES,
  takeAway,
} from '@identity/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Operation, operationsOf, readDocument } from './openapi-operations.ts'

/*
 * The document is read as a stranger would, from a running server: each operation is made to answer with each status that
 * the document names, and what comes back must be what the document says.
 */

const OPERATION_IDS = [
  'identify',
  'identifyBatch',
  'previewIdentify',
  'findPerson',
  'getPerson',
  'explainPerson',
  'getPersonHistory',
  'getPersonAsOf',
  'splitPerson',
  'erasePerson',
  'undoMerge',
  'deleteContact',
  'restoreContact',
  'listEvents',
  'getPolicy',
  'updatePolicy',
  'listBlockRules',
  'addBlockRule',
  'removeBlockRule',
  'previewBlockRule',
  'listSeparations',
  'createSeparation',
  'releaseSeparation',
  'listRefusals',
]

const cleanup = new AsyncDisposableStack()
let operations: Operation[]
let validate: (schema: object, value: unknown) => string
let url: string

beforeAll(async () => {
  const database = cleanup.use(await createTestDatabase())
  url = cleanup.use(await startLocalServer({ DATABASE_URL: database.url })).url
  const document = await readDocument(url)
  operations = operationsOf(document)
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': true } })
  validate = (schema, value) =>
    ajv.validate({ ...schema, components: document.components }, value) ? 'valid' : ajv.errorsText()
})
afterAll(() => cleanup.disposeAsync())

const MERGED =
  '["persons.merged", null, null, 11, [27], {"email": 11, "phone": 27}, null, [{"contactId": 27, "from": 27}]]'
const BLOCKED = `insert into block_rule (workspace_id, kind, pattern) values (1, 'phone', '0000*')`
const APART = 'insert into separation (workspace_id, contact_id, other_contact_id) values (1, 11, 27)'

/** What an operation's examples suppose, beside the rows that are documented. */
const SUPPOSED: Record<string, string> = {
  restoreContact: 'update contact set deleted_at = now() where id = 23',
  undoMerge: `
    update contact set linked_id = 11, link_precedence = 'secondary' where id = 27;
    insert into change (workspace_id, at, size, events) values (1, now(), 1, '[${MERGED}]')`,
  listBlockRules: BLOCKED,
  removeBlockRule: BLOCKED,
  listSeparations: APART,
  releaseSeparation: APART,
  listRefusals: `
    insert into refusal (workspace_id, person_id, other_person_id, reason, count, first_at, last_at)
    values (1, 11, 27, 'separation', 3, now(), now())`,
}
const BOTH_TABLES = [...HILL_VALLEY, ...TWO_PRIMARIES]
const TABLES: Record<string, readonly Contact[]> = {
  merge: TWO_PRIMARIES,
  undo: TWO_PRIMARIES,
  apart: BOTH_TABLES,
  contactId: BOTH_TABLES,
  released: BOTH_TABLES,
}

async function prepare(db: Client, { operationId }: Operation, exampleName: string): Promise<void> {
  await seed(db, TABLES[exampleName] ?? HILL_VALLEY)
  const supposed = SUPPOSED[operationId]
  if (supposed) await db.unsafe(supposed)
}

/** Sends an operation's first example. */
function send(
  base: string,
  operation: Operation,
  change: { path?: string; type?: string; body?: string; key?: string; origin?: string } = {},
) {
  const { method, example } = operation
  const body = change.body ?? JSON.stringify(example.body)
  const headers = {
    ...(body && { 'content-type': change.type ?? 'application/json' }),
    ...(change.key && { authorization: `Bearer ${change.key}` }),
    ...(change.origin && { origin: change.origin }),
  }
  return fetch(base + (change.path ?? example.path), { method, headers, ...(body && { body }) })
}

/** What every key may do: refused to pages that call an open service by another name only. */
const READING = [
  'previewIdentify',
  'findPerson',
  'getPerson',
  'explainPerson',
  'getPersonHistory',
  'getPersonAsOf',
  'listEvents',
  'getPolicy',
  'listBlockRules',
  'previewBlockRule',
  'listSeparations',
  'listRefusals',
]

/** How each status is brought about: on this file's server, where nobody is known, or on one of its own. */
const CAUSES: Record<string, (operation: Operation) => Promise<Response>> = {
  400: (operation) =>
    operation.bodySchema ? send(url, operation, { body: '[]' }) : send(url, operation, { path: invalid(operation) }),
  async 401(operation) {
    const { base } = await serverOf('keyed', async ({ db, url }) => {
      await createKey(db, { workspace: 'default', scope: 'admin' })
      return await startLocalServer({ DATABASE_URL: url })
    })
    return await send(base, operation)
  },
  async 403(operation) {
    if (READING.includes(operation.operationId)) return await send(url, operation, { origin: 'https://a-page.example' })
    const { base, key } = await serverOf('read only', async ({ db, url }) => {
      const { key } = await createKey(db, { workspace: 'default', scope: 'read' })
      return Object.assign(await startLocalServer({ DATABASE_URL: url }), { key })
    })
    return await send(base, operation, { key: key! })
  },
  404: (operation) => send(url, operation),
  async 410(operation) {
    await using old = await createTestDatabase()
    await old.db`insert into event_head (workspace_id, last_position, deleted_position) values (1, 9, 5)`
    await using server = await startLocalServer({ DATABASE_URL: old.url })
    return await send(server.url, operation, { path: '/events?after=1-0' })
  },
  async 409(operation) {
    await using fresh = await createTestDatabase()
    await prepare(fresh.db, operation, operation.example.name)
    await fresh.db.unsafe(CONFLICTING)
    await using server = await startLocalServer({ DATABASE_URL: fresh.url })
    const body = CONFLICTS[operation.operationId]
    return await send(server.url, operation, body ? { body: JSON.stringify(body) } : {})
  },
  413: (operation) => send(url, operation, { body: `{"requests":"${'x'.repeat(2 ** 20)}"}` }),
  415: (operation) => send(url, operation, { type: 'text/csv', body: 'ann@example.com' }),
  async 422(operation) {
    await using blocking = await createTestDatabase()
    await blocking.db`insert into policy (workspace_id) values (1)`
    await blocking.db`
      insert into block_rule (workspace_id, kind, pattern) values (1, 'email', '*@hillvalley.edu'), (1, 'phone', '1*')`
    await using server = await startLocalServer({ DATABASE_URL: blocking.url })
    return await send(server.url, operation)
  },
  async 429(operation) {
    const { base } = await serverOf('limited', ({ url }) => startLocalServer({ DATABASE_URL: url, RATE_LIMIT: '1' }))
    await send(base, operation)
    return await send(base, operation)
  },
  async 500(operation) {
    const { base } = await serverOf('broken', async ({ db, url }) => {
      const server = await startLocalServer({ DATABASE_URL: url })
      await db`alter table contact rename to lost`
      for (const table of ['change', 'policy', 'block_rule', 'separation', 'refusal']) {
        await db.unsafe(`alter table ${table} rename to lost_${table}`)
      }
      return server
    })
    return await send(base, operation)
  },
  async 503(operation) {
    const { base } = await serverOf('cut off', async (database) => {
      const server = await startLocalServer({ DATABASE_URL: database.url, REQUEST_TIMEOUT_MS: '100' })
      await takeAway(database)
      return server
    })
    return await send(base, operation)
  },
}

interface OwnServer {
  readonly base: string
  readonly key?: string | undefined
}

const ownServers = new Map<string, Promise<OwnServer>>()

/** A server in a state that all operations are sent to, made when the first of them is. */
function serverOf(
  name: string,
  start: (database: TestDatabase) => Promise<AsyncDisposable & { url: string; key?: string }>,
): Promise<OwnServer> {
  const known = ownServers.get(name)
  if (known) return known
  const made = createTestDatabase().then(async (database) => {
    const server = await start(cleanup.use(database))
    cleanup.defer(() => server[Symbol.asyncDispose]())
    return { base: server.url, key: server.key }
  })
  ownServers.set(name, made)
  return made
}

/**
 * Somebody who is kept apart from contact 1 has mcfly's e-mail; the log's second event is no merge; and there are as many
 * block rules as there may be.
 */
const CONFLICTING = `
  update contact set claimed = null where email = 'mcfly@hillvalley.edu';
  insert into contact (workspace_id, id, email, link_precedence, claimed)
    values (1, 40, 'mcfly@hillvalley.edu', 'primary', 'email');
  insert into separation (workspace_id, contact_id, other_contact_id) select 1, id, 40 from contact where id = 1;
  insert into change (workspace_id, at, size, events) values (1, now(), 1, '[["contact.deleted", null, null, 11, 11]]');
  insert into policy (workspace_id, has_separations) values (1, true);
  insert into block_rule (workspace_id, kind, pattern) select 1, 'phone', n from generate_series(1, 1000) n`

/** What cannot be done, where an operation's example can. */
const CONFLICTS: Record<string, object> = {
  splitPerson: { contactIds: [1, 23] },
  undoMerge: { eventId: '2-0' },
  createSeparation: { contactIds: [1, 23] },
}

const LISTS = ['/events', '/separations', '/refusals']

function invalid({ path, example }: Operation): string {
  if (LISTS.includes(path)) return `${path}?after=x`
  return path.includes('{') ? path.replaceAll(/\{\w+\}/g, 'x') : example.path.replace(/=.*/, '=x')
}

/** When something was made, the example cannot know. */
function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"a time"'))
}

describe.each(OPERATION_IDS)('%s', (operationId) => {
  let operation: Operation
  beforeAll(() => {
    operation = operations.find((candidate) => candidate.operationId === operationId)!
  })

  it('takes its examples, and answers them as documented', async () => {
    for (const example of operation.examples) {
      await using fresh = await createTestDatabase()
      await prepare(fresh.db, operation, example.name)
      await using server = await startLocalServer({ DATABASE_URL: fresh.url })
      if (example.body) expect(validate(operation.bodySchema!, example.body)).toBe('valid')
      const response = await send(server.url, { ...operation, example })
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
      const body = await response.json()
      expect(withoutTimes(body)).toEqual(withoutTimes(example.response))
      expect(validate(operation.responses['200']!.schema, body)).toBe('valid')
    }
  })

  it('fails with each status it documents, as documented', async () => {
    for (const [status, { schema, mediaType, example, headers }] of Object.entries(operation.responses)) {
      if (status === '200') continue
      const response = await CAUSES[status]!(operation)
      expect(String(response.status)).toBe(status)
      expect(response.headers.get('content-type')).toBe(`${mediaType}; charset=utf-8`)
      for (const header of headers) expect(response.headers.has(header)).toBe(true)
      const body = (await response.json()) as { code: string }
      expect(validate(schema, body)).toBe('valid')
      expect(body).toMatchObject({ code: example.code, title: example.title, status: example.status })
    }
  })
})

it('every operation says that it may be refused', () => {
  const silent = operations.filter(({ responses }) => !responses['403'])
  expect(silent.map(({ operationId }) => operationId)).toEqual([])
})

it('the schemas refuse what is no answer', () => {
  const { schema } = operations[0]!.responses['200']!
  expect(validate(schema, { contact: { primaryContactId: 'one' } })).not.toBe('valid')
})

it('those are all operations there are, but for those of webhooks, which have a test of their own', () => {
  const others = operations.filter(({ path }) => !path.startsWith('/webhooks'))
  expect(others.map(({ operationId }) => operationId)).toEqual(OPERATION_IDS)
})
