import { createIdentityClient, type IdentityClient } from '@identity/client'
import { fakeIdentityService } from '@identity/client/msw'
import { createKey } from '@identity/core/postgres'
import { createTestDatabase, startLocalServer, type TestDatabase } from '@identity/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { setupServer } from 'msw/node'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operationsOf, readDocument } from '../openapi-operations.ts'
import { scrape } from '../scrape.ts'
import { startReceiver } from './receiver.ts'
import { type Way, WEBHOOK_WAYS } from './ways.ts'

/** No time that decides anything. */
const POLL = { timeout: 30_000 }
const URL_OF_SHOP = 'https://shop.example/hooks'

/** Puts a dead letter there as if its endpoint had failed for hours, and an event that it is about. */
async function addDeadLetter(database: TestDatabase, client: IdentityClient, workspaceId: number, endpointId: number) {
  await client.identify.mutate({ email: 'ann@example.com' })
  const { events } = await client.events.list.query({})
  const [row] = await database.db`
    insert into webhook_dead_letter
      (workspace_id, endpoint_id, event_position, event_index, attempts, error, status, at)
    values (${workspaceId}, ${endpointId}, ${events.at(-1)!.id.split('-')[0]!}, 0, 20, 'status', 500, now()) returning id`
  return Number(row!.id)
}

it('a whole server: what happens arrives, with both secrets while there are two; disabled, nothing; deleted, never', async () => {
  await using cleanup = new AsyncDisposableStack()
  const database = cleanup.use(await createTestDatabase())
  const { url } = cleanup.use(await startLocalServer({ DATABASE_URL: database.url, WEBHOOK_ALLOW_PRIVATE: '1' }))
  const client = createIdentityClient({ url })
  const receiver = await startReceiver(cleanup)
  const made = await client.webhooks.create.mutate({ url: `${receiver.url}/hook` })
  receiver.secrets.set('/hook', made.secret)
  await client.identify.mutate({ email: 'ann@example.com' })
  await receiver.until(() => receiver.acknowledged.length === 1)
  const { secret, ...rotated } = await client.webhooks.rotateSecret.mutate({ id: made.id })
  expect(secret).not.toBe(made.secret)
  const { secret: _, ...endpoint } = made
  expect(rotated).toEqual(endpoint)
  expect(await client.webhooks.list.query()).toEqual({ endpoints: [endpoint] })
  const disabled = await client.webhooks.update.mutate({ id: made.id, enabled: false, types: ['person.created'] })
  expect(disabled).toMatchObject({
    disabledAt: expect.any(String),
    disabledReason: 'request',
    types: ['person.created'],
  })
  await expect
    .poll(async () => (await database.db`select lease_holder from webhook_endpoint`)[0]!.lease_holder, POLL)
    .toBeNull()
  await client.identify.mutate({ email: 'bob@example.com' })
  expect(receiver.seen).toHaveLength(1)
  await client.webhooks.update.mutate({ id: made.id, enabled: true })
  await receiver.until(() => receiver.acknowledged.length === 2)
  receiver.secrets.set('/hook', secret)
  await client.identify.mutate({ email: 'eve@example.com' })
  await receiver.until(() => receiver.acknowledged.length === 3)
  const delivered = async () => (await scrape(url)).value('identity_webhook_deliveries_total{result="delivered"}')
  await expect.poll(delivered, POLL).toBe(3)
  expect(receiver.forged).toEqual([])
  expect(receiver.acknowledged.map(({ event }) => event)).toEqual((await client.events.list.query({})).events)
  expect(await client.webhooks.delete.mutate({ id: made.id })).toEqual({ deleted: true })
  expect(await client.webhooks.delete.mutate({ id: made.id })).toEqual({ deleted: false })
})

describe('plain HTTP and tRPC', () => {
  const cleanup = new AsyncDisposableStack()
  let database: TestDatabase
  let url: string
  const shops = {} as Record<'victim' | 'intruder' | 'reader', { key: string; workspace: { id: number } }>
  let ids: { endpointId: number; deadLetterId: number }

  beforeAll(async () => {
    database = cleanup.use(await createTestDatabase())
    shops.victim = await createKey(database.db, { workspace: 'victim', scope: 'admin' })
    shops.intruder = await createKey(database.db, { workspace: 'intruder', scope: 'admin' })
    shops.reader = await createKey(database.db, { workspace: 'victim', scope: 'identify' })
    url = cleanup.use(await startLocalServer({ DATABASE_URL: database.url })).url
    const client = createIdentityClient({ url, apiKey: shops.victim.key })
    const { id: endpointId } = await client.webhooks.create.mutate({ url: URL_OF_SHOP })
    await client.webhooks.update.mutate({ id: endpointId, enabled: false })
    const deadLetterId = await addDeadLetter(database, client, shops.victim.workspace.id, endpointId)
    ids = { endpointId, deadLetterId }
  })
  afterAll(() => cleanup.disposeAsync())

  async function send({ key }: { key: string }, { method, path, body }: Way) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, text: await response.text() }
  }

  const rowsOfVictim = async () => [
    ...(await database.db`select * from webhook_endpoint where workspace_id = ${shops.victim.workspace.id} order by id`),
    ...(await database.db`select * from webhook_dead_letter where workspace_id = ${shops.victim.workspace.id}`),
  ]

  it.each(Object.keys(WEBHOOK_WAYS))('%s: nothing of another shop, and for admins only', async (name) => {
    const before = await rowsOfVictim()
    const way = WEBHOOK_WAYS[name]!(ids)
    const stolen = await send(shops.intruder, way)
    expect(stolen.text).not.toContain(URL_OF_SHOP)
    expect(stolen.text).not.toContain('"status":500')
    expect(await send(shops.reader, way)).toMatchObject({ status: 403 })
    expect(await rowsOfVictim()).toEqual(before)
  })

  it('answers as documented', async () => {
    const document = await readDocument(url)
    const operations = operationsOf(document).filter(({ path }) => path.startsWith('/webhooks'))
    const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': true } })
    const errorsOf = (schema: object, value: unknown) =>
      ajv.validate({ ...schema, components: document.components }, value) ? null : ajv.errorsText()
    expect(operations).toHaveLength(8)
    const deletingLast = operations.toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'))
    for (const { method, path, responses, examples, bodySchema } of deletingLast) {
      const schema = responses['200']!.schema
      for (const { body, response } of examples) {
        expect(errorsOf(schema, response), path).toBeNull()
        if (body) expect(errorsOf(bodySchema!, body), path).toBeNull()
      }
      const { status, text } = await send(shops.victim, WEBHOOK_WAYS[`${method} ${path}`]!(ids))
      expect([path, status]).toEqual([path, 200])
      expect(errorsOf(schema, JSON.parse(text)), path).toBeNull()
    }
  })

  it('refuses what it cannot do, with a reason', async () => {
    const say = async (method: string, path: string, body?: unknown) => {
      const { status, text } = await send(shops.intruder, { method, path, body })
      return [status, JSON.parse(text).detail]
    }
    for (const bad of [
      'http://shop.example/',
      'https://10.0.0.1/',
      'https://me:pw@shop.example/',
      'https://localhost/',
      'x',
    ]) {
      expect(await say('POST', '/webhooks', { url: bad })).toEqual([
        400,
        expect.stringMatching(/public https address.*found/),
      ])
    }
    const wanted = { url: URL_OF_SHOP, types: ['person.born'] }
    expect(await say('POST', '/webhooks', wanted)).toEqual([
      400,
      expect.stringMatching(/person\.created.*found "person\.born"/),
    ])
    expect(await say('PATCH', '/webhooks/999', { enabled: true })).toEqual([404, expect.stringContaining('999')])
    expect(await say('POST', '/webhooks/dead-letters/999/retry')).toEqual([404, expect.stringContaining('999')])
    expect(await say('GET', '/webhooks/dead-letters?after=x')).toEqual([400, expect.stringContaining('after')])
    await database.db`insert into webhook_endpoint (workspace_id, url, secret, delivered_position, delivered_index)
      select ${shops.intruder.workspace.id}, ${URL_OF_SHOP}, n, 1, -1 from generate_series(1, 20) n`
    expect(await say('POST', '/webhooks', { url: URL_OF_SHOP })).toEqual([
      409,
      expect.stringContaining('no more than 20'),
    ])
  })
})

it('the fake manages endpoints as the service does', async () => {
  const fake = fakeIdentityService({ url: 'http://identity.test' })
  const msw = setupServer(...fake.handlers)
  msw.listen({ onUnhandledFrame: 'bypass' })
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => msw.close())
  const database = cleanup.use(await createTestDatabase())
  const { url } = cleanup.use(await startLocalServer({ DATABASE_URL: database.url }))
  const anonymous = (value: unknown) =>
    JSON.parse(JSON.stringify(value).replaceAll(/"(whsec_[\w+/=]{44}|\d{4}-\d\d-\d\dT[\d:.]+Z)"/g, '"…"'))
  const perform = async (base: string) => {
    const { webhooks } = createIdentityClient({ url: base, retry: false })
    const calls = [
      () => webhooks.create.mutate({ url: URL_OF_SHOP, types: ['person.created'] }),
      () => webhooks.create.mutate({ url: 'http://shop.example' }),
      () => webhooks.rotateSecret.mutate({ id: 1 }),
      () => webhooks.update.mutate({ id: 1, enabled: false }),
      () => webhooks.update.mutate({ id: 1, types: null, url: `${URL_OF_SHOP}/2` }),
      () => webhooks.update.mutate({ id: 1, enabled: true }),
      () => webhooks.update.mutate({ id: 2, enabled: true }),
      () => webhooks.list.query(),
      () => webhooks.deadLetters.list.query({}),
      () => webhooks.deadLetters.retry.mutate({ id: 1 }),
      () => webhooks.deadLetters.retryAll.mutate({ endpointId: 1 }),
      () => webhooks.deadLetters.retryAll.mutate({ endpointId: 2 }),
      () => webhooks.delete.mutate({ id: 1 }),
      () => webhooks.delete.mutate({ id: 1 }),
      async () => (await fetch(`${base}/webhooks/1`, { method: 'DELETE' })).json(),
    ]
    const answers = []
    for (const call of calls) answers.push(await call().catch(({ code, message }) => ({ code, message })))
    return anonymous(answers)
  }
  expect(await perform('http://identity.test')).toEqual(await perform(url))
})

it('signs as the library of Standard Webhooks does', async () => {
  const { signatureHeaders } = await import('../../src/webhooks/signature.ts')
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const nowMs = Date.now()
  const headers = signatureHeaders('msg_1_1-0', '{"é":1}', [secret, secret], nowMs)
  const signed = new Webhook(secret).sign('msg_1_1-0', new Date(nowMs), '{"é":1}')
  expect(headers['webhook-signature']).toBe(`${signed} ${signed}`)
})
