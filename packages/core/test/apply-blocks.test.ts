import {
  BlockList,
  type BlockRule,
  type CanonicalRequest,
  type Contact,
  comeApart,
  identifiersOf,
} from '@identity/core'
import { applyBlocks, correct, migrate, type Pool, PostgresStore, verify } from '@identity/core/postgres'
import { allClaims, createTestDatabase, type TestDatabase } from '@identity/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bridgesWithin } from '../src/bridge.ts'
import { isLive } from '../src/contact.ts'
import { endOfPrefix } from '../src/postgres/rules/end-of-prefix.ts'

const RUNS = 12
/** An advisory lock. */
const HOLD = 7
const PATTERNS: BlockRule[] = [
  ...['ann@a.example', 'ann*', '*@b.example', 'b_*', 'b%*', '*.example', 'ann@a.example*'].map((pattern) => ({
    id: null,
    kind: 'email' as const,
    pattern,
  })),
  ...['00001', '0000*', '+1*', '*1', '9*'].map((pattern) => ({ id: null, kind: 'phone' as const, pattern })),
]
const EMAILS = ['ann@a.example', 'anna@a.example', 'an@b.example', 'b_1@b.example', 'b%2@c.test', 'bx1@c.test']
const PHONES = ['0000', '00001', '00012', '+11', '+21', '999', '91']

const request = fc
  .record({
    email: fc.option(fc.constantFrom(...EMAILS)),
    phoneNumber: fc.option(fc.constantFrom(...PHONES)),
  })
  .filter(({ email, phoneNumber }) => email !== null || phoneNumber !== null)
const history = fc.record({
  requests: fc.array(request, { minLength: 5, maxLength: 25 }),
  corrections: fc.array(fc.record({ type: fc.constantFrom('delete', 'split', 'restore'), of: fc.nat() } as const), {
    maxLength: 12,
  }),
  rules: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }),
})

it('finds all that a look at every contact finds: persons come apart alike, deleted contacts and released values included', async () => {
  await using database = await createTestDatabase()
  const { db, pool } = database
  const store = new PostgresStore(pool)
  let workspaceId = 1
  let released = 0
  await fc.assert(
    fc.asyncProperty(history, async ({ requests, corrections, rules }) => {
      workspaceId++
      await db`insert into workspace (id, name) values (${workspaceId}, ${String(workspaceId)})`
      await makeHistory(store, workspaceId, requests, corrections)
      const before = await readAll(pool, workspaceId)
      await makeRules(database, workspaceId, rules)
      await apply(pool, workspaceId)

      const { isBlocked } = new BlockList(rules)
      const expected = before.persons.flatMap((person) => {
        const division = comeApart(person, bridgesWithin(person, before.bridges), isBlocked, new Date())
        return division ? division.persons.flatMap(({ contacts }) => contacts) : person.contacts
      })
      const after = await readAll(pool, workspaceId)
      const found = after.persons.flatMap(({ contacts }) => contacts)
      expect(found.map(linkOf).sort(byId)).toEqual(expected.map(linkOf).sort(byId))
      const linking = new Set(
        expected
          .filter(isLive)
          .flatMap(identifiersOf)
          .map(({ value }) => value),
      )
      const claims = await allClaims(db, workspaceId)
      expect(claims.map(({ value }) => value).sort()).toEqual([...linking].sort())
      if (found.some(({ emailReleased, phoneReleased }) => emailReleased || phoneReleased)) released++
    }),
    { numRuns: RUNS },
  )
  expect(released).toBeGreaterThan(0)
  expect((await verify(db)).findings.filter(({ level, count }) => level === 'fault' && count > 0)).toEqual([])
})

it('finds values that begin alike also where the database has them in the order of a language', async () => {
  await using database = await createTestDatabase({ language: 'en-US' })
  const { url, pool } = database
  await migrate(url)
  const store = new PostgresStore(pool)
  await store.identify(1, [
    { email: 'co-op@a.example', phoneNumber: '1' },
    { email: 'coop@a.example', phoneNumber: '1' },
    { email: 'co-on@a.example', phoneNumber: '1' },
  ])
  const preview = await store.rules.previewBlock(1, { kind: 'email', pattern: 'co-o*' })
  expect(preview).toMatchObject({ persons: 1, isComplete: true })
  await makeRules(database, 1, [{ id: null, kind: 'email', pattern: 'co-o*' }])
  await apply(pool, 1)
  expect((await store.find(1, { contactId: 1 }))?.emails).toEqual(['coop@a.example'])
})

it('a contact that is restored before a rule has come to it is not linked by what the rule blocks', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  await store.identify(1, [
    { email: 'ann@a.example', phoneNumber: '00001' },
    { email: 'bob@a.example', phoneNumber: '00001' },
  ])
  await store.corrections.deleteContact(1, 2)
  await makeRules(database, 1, [{ id: null, kind: 'phone', pattern: '0000*' }])
  const fresh = new PostgresStore(database.pool)
  await fresh.corrections.restoreContact(1, 2)
  const { persons } = await readAll(database.pool, 1)
  expect(persons.flatMap(({ contacts }) => contacts).map(({ id, phoneReleased }) => ({ id, phoneReleased }))).toEqual([
    { id: 1, phoneReleased: false },
    { id: 2, phoneReleased: true },
  ])
})

it('once the removal of a rule is answered, nobody loses what it blocked', async () => {
  await using database = await createTestDatabase()
  const { db, pool } = database
  const store = new PostgresStore(pool)
  const customers = Array.from({ length: 1_000 }, (_, n) => ({ email: `ann${n}@a.example`, phoneNumber: null }))
  await store.identify(1, customers)
  await makeRules(database, 1, [{ id: null, kind: 'email', pattern: 'ann*' }])
  const countReleased = async () => {
    const { persons } = await readAll(pool, 1)
    return persons.flatMap(({ contacts }) => contacts).filter(({ emailReleased }) => emailReleased).length
  }
  await db.unsafe(`
    create function hold_contact() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(${HOLD});
      return new;
    end $$;
    create trigger hold_contact before update on contact for each row execute function hold_contact()`)
  await db`select pg_advisory_lock(${HOLD})`
  const applied = applyBlocks(pool, 1, { patienceMs: 20_000 }).next()
  while ((await db`select from pg_locks where locktype = 'advisory' and not granted`).length === 0);
  const [rule] = await store.rules.blockRules(1)
  const answered = store.rules.removeBlockRule(1, rule!.id).then(countReleased)
  // It waits for the transaction that is held, which is the first of many.
  while (
    (await db`select from pg_stat_activity where query like '%identity:list-writers%' and pid <> pg_backend_pid()`)
      .length === 0
  );
  await db`select pg_advisory_unlock(${HOLD})`
  const atAnswer = await answered
  await applied
  expect(atAnswer).toBeLessThan(customers.length)
  expect(await countReleased()).toBe(atAnswer)
})

it('the range of a prefix has all texts that begin with it and no others, in the order of code points', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'abz\u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}'),
    minLength: 1,
    maxLength: 4,
  })
  const ordered = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  fc.assert(
    fc.property(text, text, fc.boolean(), (prefix, other, isLonger) => {
      const value = isLonger ? prefix + other : other
      const end = endOfPrefix(prefix)
      const isInRange = ordered(value, prefix) >= 0 && (end === null || ordered(value, end) < 0)
      expect(isInRange).toBe(value.startsWith(prefix))
    }),
  )
  expect(endOfPrefix('a\u{d7ff}')).toBe('a\u{e000}')
  expect(endOfPrefix('a\u{10ffff}')).toBe('b')
  expect(endOfPrefix('\u{10ffff}')).toBeNull()
})

async function makeHistory(
  store: PostgresStore,
  workspaceId: number,
  requests: readonly CanonicalRequest[],
  corrections: ReadonlyArray<{ readonly type: 'delete' | 'split' | 'restore'; readonly of: number }>,
): Promise<void> {
  const ids = new Set<number>()
  for (const { person } of await store.identify(workspaceId, requests)) {
    for (const id of [person.primaryContactId, ...person.secondaryContactIds]) ids.add(id)
  }
  const all = [...ids]
  for (const { type, of } of corrections) {
    const id = all[of % all.length]!
    const refused = (error: { code?: string }) => {
      if (!['conflict', 'not_found', 'invalid_request'].includes(error.code ?? '')) throw error
    }
    if (type === 'delete') await store.corrections.deleteContact(workspaceId, id).catch(refused)
    if (type === 'restore') await store.corrections.restoreContact(workspaceId, id).catch(refused)
    if (type === 'split')
      await store.corrections.split(workspaceId, { contactIds: [id], keepApart: false }).catch(refused)
  }
}

/** Rules that are old enough to be in force everywhere. */
async function makeRules({ pool }: TestDatabase, workspaceId: number, rules: readonly BlockRule[]): Promise<void> {
  await pool.use(async (db) => {
    await db`insert into policy (workspace_id) values (${workspaceId})`
    for (const { kind, pattern } of rules) {
      await db`
        insert into block_rule (workspace_id, kind, pattern, created_at)
        values (${workspaceId}, ${kind}, ${pattern}, now() - interval '1 minute')`
    }
  })
}

async function apply(pool: Pool, workspaceId: number): Promise<void> {
  const steps = applyBlocks(pool, workspaceId, { patienceMs: 5_000 })
  for (;;) {
    const { value: outcome } = await steps.next()
    if (!outcome) continue
    expect(outcome).toBe('done')
    return
  }
}

/** Every person of a workspace, and every bridge. */
async function readAll(pool: Pool, workspaceId: number) {
  const ids = await pool.use(
    (db) => db<Array<{ id: number }>>`select id from contact where workspace_id = ${workspaceId}`,
  )
  const target = { contactIds: ids.map(({ id }) => id) }
  const retry = { deadlineMs: Date.now() + 5_000 }
  return correct(
    pool,
    workspaceId,
    () => target,
    ({ persons, bridges }) => ({ result: { persons, bridges }, events: [] }),
    { dryRun: true, retry },
  )
}

function linkOf({ id, email, phoneNumber, linkedId, emailReleased, phoneReleased, deletedAt }: Contact) {
  return { id, email, phoneNumber, linkedId, emailReleased, phoneReleased, isDeleted: deletedAt !== null }
}

function byId(a: { readonly id: number }, b: { readonly id: number }): number {
  return a.id - b.id
}
