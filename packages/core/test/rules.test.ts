import { type CanonicalRequest, NO_ORIGIN, NO_POLICY, policyOf, type RecordedEvent } from '@identity/core'
import {
  bulkIdentify,
  Pool,
  PostgresRules,
  PostgresStore,
  RULES_SETTLE_MS,
  type WorkspaceRules,
} from '@identity/core/postgres'
import { allContacts, createTestDatabase, seed, type TestDatabase, TWO_PRIMARIES } from '@identity/testkit'
import { afterEach, beforeEach, expect, it } from 'vitest'

let cleanup: AsyncDisposableStack
let database: TestDatabase
/** Two servers on one database. */
let store: PostgresStore
let other: PostgresStore

beforeEach(async () => {
  cleanup = new AsyncDisposableStack()
  database = cleanup.use(await createTestDatabase())
  const pool = new Pool(database.url)
  cleanup.defer(() => pool.end())
  store = new PostgresStore(database.pool)
  other = new PostgresStore(pool)
})
afterEach(() => cleanup.disposeAsync())

const georgeAndBiff = { email: 'george@hillvalley.edu', phoneNumber: '717171' }
const ofType = (events: readonly RecordedEvent[], type: RecordedEvent['type']) =>
  events.filter((event) => event.type === type)
const events = () => store.events(1, { limit: 1_000 })

it('a merge that a separation forbids is refused on every server, answered by the e-mail, counted and told at powers of ten', async () => {
  await seed(database.db, TWO_PRIMARIES)
  await other.find(1, { contactId: 11 })
  const made = await store.rules.separate(1, [27, 11], { actor: 'key', requestId: 'request' })
  expect(made).toMatchObject({ contactIds: [11, 27], actor: 'key' })
  // As if it were made long ago: those that come right after it wait as well.
  await database.db`update policy set updated_at = 'epoch'`
  expect(await other.rules.separate(1, [11, 27])).toEqual(made)
  expect(await other.preview(1, georgeAndBiff)).toMatchObject({
    outcome: 'refused',
    refusal: { reason: 'separation', otherPersonId: 27, separationId: made.id },
  })
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => [store, other][n % 2]!.identify(1, [georgeAndBiff])),
  )
  for (const [answer] of answers) {
    expect(answer).toEqual({
      outcome: 'refused',
      person: {
        primaryContactId: 11,
        emails: ['george@hillvalley.edu'],
        phoneNumbers: ['919191'],
        secondaryContactIds: [],
      },
    })
  }
  expect(await allContacts(database.db)).toEqual(TWO_PRIMARIES)
  const [refusal, ...more] = await store.rules.refusals(1, { limit: 10 })
  expect(refusal).toMatchObject({ personId: 11, otherPersonId: 27, reason: 'separation', count: 12 })
  expect(more).toEqual([])
  expect(await store.rules.refusals(1, { limit: 10, after: refusal! })).toEqual([])
  expect(ofType(await events(), 'contacts.separated')).toMatchObject([
    { separationId: made.id, contactIds: [11, 27], actor: 'key', requestId: 'request' },
  ])
  expect(ofType(await events(), 'merge.refused')).toMatchObject(
    [1, 10].map((count) => ({ personId: 11, otherPersonId: 27, reason: 'separation', separationId: made.id, count })),
  )
  expect(await other.rules.separations(1, { limit: 10, contactId: 27 })).toEqual([made])
  expect(await other.rules.separations(1, { limit: 10, after: made.id })).toEqual([])
  expect(await other.rules.releaseSeparation(1, made.id)).toBe(true)
  expect(await other.rules.releaseSeparation(1, made.id)).toBe(false)
  expect((await store.identify(1, [georgeAndBiff]))[0]).toMatchObject({ outcome: 'merged' })
  await expect(store.rules.separate(1, [11, 27])).rejects.toMatchObject({ code: 'conflict' })
  await expect(store.rules.separate(1, [11, 99])).rejects.toMatchObject({ code: 'not_found' })
})

it('of a separation and a merge at the same moment on two servers, one is refused', async () => {
  // The first separation of a workspace waits for the servers; those after it, which race here, do not.
  const persons = await store.identify(
    1,
    Array.from({ length: 62 }, (_, n) => ({ email: `e${n}@example.com`, phoneNumber: `${n}` })),
  )
  const ids = persons.map(({ person }) => person.primaryContactId)
  const first = store.rules.separate(1, [ids[60]!, ids[61]!])
  while ((await database.db`select from policy where has_separations`).length === 0);
  // Nor must one that comes while the first waits be made before all servers look for it.
  const startedAtMs = performance.now()
  await other.rules.separate(1, [ids[58]!, ids[59]!])
  // A timer may be early by less than a millisecond.
  expect(performance.now() - startedAtMs).toBeGreaterThan(RULES_SETTLE_MS - 1)
  await first
  await database.db`update policy set updated_at = 'epoch'`
  const outcomes = await Promise.all(
    Array.from({ length: 29 }, async (_, pair) => {
      const [one, two] = [2 * pair, 2 * pair + 1]
      const merge = () => other.identify(1, [{ email: `e${one}@example.com`, phoneNumber: `${two}` }])
      const separate = () => store.rules.separate(1, [ids[one]!, ids[two]!]).catch((error) => error.code as string)
      const [first, second] = pair % 2 ? [merge(), separate()] : [separate(), merge()]
      const [a, b] = await Promise.all([first, second])
      const [merged, separated] = pair % 2 ? [a, b] : [b, a]
      const { outcome } = (merged as Awaited<ReturnType<typeof merge>>)[0]!
      return `${outcome}, ${separated === 'conflict' ? 'conflict' : 'separated'}`
    }),
  )
  for (const outcome of outcomes) expect(['merged, conflict', 'refused, separated']).toContain(outcome)
  const [row] = await database.db`
    select count(*)::int from separation s
    join contact a on a.id = s.contact_id join contact b on b.id = s.other_contact_id
    where coalesce(a.linked_id, a.id) = coalesce(b.linked_id, b.id)`
  expect(row!.count).toBe(0)
})

it('a separation is made when every server looks for it, however late the COMMIT of that change was', async () => {
  const persons = await other.identify(1, [
    { email: 'ann@example.com', phoneNumber: '1' },
    { email: 'bob@example.com', phoneNumber: '2' },
  ])
  const [ann, bob] = persons.map(({ person }) => person.primaryContactId)
  await database.db`
    insert into policy (workspace_id, has_separations, updated_at) values (1, true, now() - interval '3 seconds')`
  await store.rules.separate(1, [ann!, bob!])
  const [joined] = await other.identify(1, [{ email: 'ann@example.com', phoneNumber: '2' }])
  expect(joined!.outcome).toBe('refused')
})

it('what is changed is in force on another server that knew the old rules, once it is acknowledged', async () => {
  expect((await other.identify(1, [{ email: 'ann@example.com', phoneNumber: '00000' }]))[0]!.outcome).toBe('created')
  let isOver = false
  const knowing = (async () => {
    // Keeps the other server's copy of the rules as fresh as it gets.
    while (!isOver) await other.identify(1, [{ email: 'ann@example.com', phoneNumber: null }])
  })()
  const rule = await store.rules.addBlockRule(1, 'phone', '0000*', { actor: 'key', requestId: null })
  expect(rule).toMatchObject({ kind: 'phone', pattern: '0000*', actor: 'key', isApplied: false })
  const [bob] = await other.identify(1, [{ email: 'bob@example.com', phoneNumber: '00001' }])
  expect(bob!.person).toMatchObject({ emails: ['bob@example.com'], phoneNumbers: [] })
  const before = await allContacts(database.db)
  await expect(other.identify(1, [{ email: null, phoneNumber: '00001' }])).rejects.toMatchObject({
    code: 'identifier_blocked',
    message: expect.stringContaining('"0000*"'),
  })
  expect(await allContacts(database.db)).toEqual(before)
  const [again, policy] = await Promise.all([
    other.rules.addBlockRule(1, 'phone', '0000*'),
    other.rules.setPolicy(1, { maxEmails: 1, suspectThreshold: 1, blockSuspects: true }),
  ])
  expect(again).toMatchObject({ id: rule.id })
  expect(policy).toMatchObject({ maxEmails: 1, refusalPriority: 'email' })
  const [refused] = await store.identify(1, [{ email: 'carl@example.com', phoneNumber: null }])
  expect(refused!.outcome).toBe('created')
  await store.identify(1, [{ email: 'carl@example.com', phoneNumber: '5' }])
  const [limited] = await store.identify(1, [{ email: 'dora@example.com', phoneNumber: '5' }])
  expect(limited).toMatchObject({ outcome: 'refused', person: { emails: ['carl@example.com'] } })
  // No id was drawn for what was not added.
  const [next] = await store.identify(1, [{ email: 'emil@example.com', phoneNumber: null }])
  const [last] = (await allContacts(database.db)).slice(-2, -1)
  expect(next!.person.primaryContactId).toBe(last!.id + 1)
  expect(ofType(await events(), 'merge.refused')).toMatchObject([
    { otherPersonId: null, reason: 'email-limit', count: 1 },
  ])
  // A phone number that meets a second e-mail would be refused for the limit: an e-mail meets a second number.
  await other.identify(1, [{ email: 'emil@example.com', phoneNumber: '6' }])
  await store.identify(1, [{ email: 'emil@example.com', phoneNumber: '7' }])
  await store.identify(1, [{ email: 'emil@example.com', phoneNumber: '8' }])
  const suspected = await allContacts(database.db)
  expect(ofType(await events(), 'identifier.suspected')).toMatchObject([
    { contactId: suspected.at(-2)!.id, kind: 'email' },
  ])
  expect((await store.rules.blockRules(1)).map(({ pattern }) => pattern)).toEqual(['0000*', 'emil@example.com'])
  isOver = true
  await knowing
  expect(await store.rules.removeBlockRule(1, rule.id, NO_ORIGIN)).toBe(true)
  expect((await other.identify(1, [{ email: null, phoneNumber: '00001' }]))[0]!.outcome).toBe('created')
  expect(ofType(await events(), 'identifier.blocked')).toMatchObject([
    { ruleId: rule.id, actor: 'key' },
    { actor: null },
  ])
  expect(ofType(await events(), 'identifier.unblocked')).toMatchObject([{ ruleId: rule.id }])
  expect(RULES_SETTLE_MS).toBeLessThanOrEqual(1_000)
})

it('a change of rules is acknowledged only when nothing from before it can still be committed: a batch, an import, a restoration', async () => {
  const pool = new Pool(database.url)
  cleanup.defer(() => pool.end())
  await other.identify(1, [
    { email: 'carl@example.com', phoneNumber: '00003' },
    { email: 'carl2@example.com', phoneNumber: '00003' },
  ])
  await other.corrections.deleteContact(1, 2)
  // Whatever writes has looked at the rules when it comes to this lock.
  await database.db`begin`
  await database.db`lock table contact in share mode`
  const waiting = () => pool.use((db) => db`select from pg_locks where not granted and relation = 'contact'::regclass`)
  const looking = () =>
    pool.use(
      (db) => db`select from pg_stat_activity where query like '%identity:list-writers%' and pid <> pg_backend_pid()`,
    )
  const batch = other.identify(1, [{ email: 'ann@example.com', phoneNumber: '00001' }])
  const imported = importAll(pool, { email: 'bob@example.com', phoneNumber: '00002' })
  const restored = other.corrections.restoreContact(1, 2)
  while ((await waiting()).length < 3);

  let isAcknowledged = false
  const change = store.rules.addBlockRule(1, 'phone', '0000*').then(() => {
    isAcknowledged = true
  })
  const impatient = new PostgresRules(pool, { timeoutMs: 50 }).setPolicy(1, { maxEmails: 2 })
  await expect(impatient).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('transaction'),
  })
  while (!isAcknowledged && (await looking()).length === 0);
  expect(isAcknowledged).toBe(false)
  await database.db`rollback`
  await change
  const written = await allContacts(database.db)
  expect(written.map(({ phoneNumber }) => phoneNumber).sort()).toEqual(['00001', '00002', '00003', '00003'])
  expect(written.every(({ deletedAt }) => deletedAt === null)).toBe(true)
  await Promise.all([batch, imported, restored])
  expect(await allContacts(database.db)).toEqual(written)
})

async function importAll(pool: Pool, ...requests: CanonicalRequest[]): Promise<void> {
  async function* chunks() {
    yield requests
  }
  for await (const _ of bulkIdentify(pool, chunks(), { workspaceId: 1, patienceMs: 5_000 }));
}

it('a preview that takes until the rules have changed is made by the new ones', async () => {
  const policy = policyOf({ ...NO_POLICY, rules: [{ id: null, kind: 'phone', pattern: '717171' }] })
  let inForce: WorkspaceRules | undefined
  const changing = new PostgresStore(database.pool, {
    rules: {
      of: () => {
        const before = inForce
        inForce ??= { policy, hasSeparations: false }
        return before
      },
      isCurrent: (_, rules) => rules === inForce,
    },
  })
  await expect(changing.preview(1, { email: null, phoneNumber: '717171' })).rejects.toMatchObject({
    code: 'identifier_blocked',
  })
})
