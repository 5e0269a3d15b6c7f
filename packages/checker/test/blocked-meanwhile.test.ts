import { IdentityError } from '@identity/core'
import { applyBlocks, Pool, PostgresStore } from '@identity/core/postgres'
import { allClaims, createTestDatabase, type TestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { joined, valuesOf } from '../src/components.ts'
import type { Values } from '../src/logged/persons-of-then.ts'
import { readLog } from '../src/logged/read-log.ts'
import type { OracleRequest } from '../src/oracle.ts'
import { randomRequest } from '../src/plan.ts'
import { Random } from '../src/random.ts'

const CALLERS = 4
/** So many calls are about the same few persons, then come others: so there are some at every moment. */
const CALLS_TOGETHER = 16
const CALLS_BEFORE = 64
const LAST_REQUESTS = 200
/** E-mails, and as many phones, of the same few persons. Their first phone numbers end with this, and are blocked. */
const VALUES = 3
const SUFFIX = '0'

interface Call {
  readonly request: OracleRequest
  readonly startedAt: number
  readonly endedAt: number
  readonly told: 'accepted' | 'blocked'
}

function isBlocked(value: string): boolean {
  return value.startsWith('phone:') && value.endsWith(SUFFIX)
}

function usable(values: Values): Values {
  return values.filter((value) => !isBlocked(value))
}

/** The values of the requests that were accepted, without what is blocked. */
function acceptedOf(calls: readonly Call[]): Values[] {
  return calls.filter(({ told }) => told === 'accepted').map(({ request }) => usable(valuesOf(request)))
}

function ofAnybody(groups: readonly Values[]): string[][] {
  return joined(groups.filter(({ length }) => length > 0))
}

/** The persons that the rows make, as their contacts and values, and the record of contacts and bridges beside them. */
async function readPersons(db: TestDatabase['db']): Promise<{ persons: Values[]; record: Values[] }> {
  const rows = await db<Array<{ id: number; email: string | null; phoneNumber: string | null; root: number }>>`
    select id, email, phone_number as "phoneNumber", coalesce(linked_id, id) as root from contact`
  const bridges = await db<Array<{ email: string; phoneNumber: string }>>`
    select e.email, p.phone_number as "phoneNumber"
    from bridge join contact e on e.id = email_contact_id join contact p on p.id = phone_contact_id`
  const persons = Map.groupBy(rows, ({ root }) => root).values()
  return {
    persons: [...persons].map((contacts) => [...new Set(contacts.flatMap(recordOf))]),
    record: [...rows.map(recordOf), ...bridges.map((bridge) => usable(valuesOf(bridge)))],
  }
}

function recordOf(contact: OracleRequest & { readonly id: number }): Values {
  return [`contact:${contact.id}`, ...usable(valuesOf(contact))]
}

function withoutContacts(persons: readonly Values[]): Values[] {
  return persons.map((values) => values.filter((value) => !value.startsWith('contact:')))
}

it('a block rule that is added and applied while two servers are called leaves the persons that the record makes, and requests from then on join them', async () => {
  await using database = await createTestDatabase()
  const { db } = database
  const pool = new Pool(database.url)
  await using _ = { [Symbol.asyncDispose]: () => pool.end() }
  const stores = [new PostgresStore(database.pool), new PostgresStore(pool)] as const
  const random = new Random(Date.now() % 2 ** 31)
  const calls: Call[] = []
  let sent = 0
  const call = async (n: number) => {
    const namespace = String(Math.floor(sent++ / CALLS_TOGETHER)).padStart(7, '0')
    const request = randomRequest(random, namespace, VALUES)
    const startedAt = performance.now()
    const told = await stores[n % 2]!.identify(1, [request]).then(
      () => 'accepted' as const,
      (error) => {
        if (error instanceof IdentityError && error.code === 'identifier_blocked') return 'blocked' as const
        throw error
      },
    )
    calls.push({ request, startedAt, endedAt: performance.now(), told })
    isMet ||= told === 'blocked' && startedAt > answeredAt
  }

  const { promise: enough, resolve } = Promise.withResolvers<void>()
  let answeredAt = Number.POSITIVE_INFINITY
  let isApplied = false
  /** Whether a request has been blocked that came after the rule. */
  let isMet = false
  const callers = Array.from({ length: CALLERS }, async (_, n) => {
    while (!isApplied || !isMet) {
      await call(n)
      if (calls.length >= CALLS_BEFORE) resolve()
    }
  })
  const change = async () => {
    await enough
    const askedAt = performance.now()
    await stores[0].rules.addBlockRule(1, 'phone', `*${SUFFIX}`)
    answeredAt = performance.now()
    // It is in force everywhere, but would be applied a second later.
    await db`update block_rule set created_at = 'epoch'`
    for await (const _ of applyBlocks(database.pool, 1, { patienceMs: 10_000 }));
    const [rule] = await stores[1].rules.blockRules(1)
    expect(rule!.isApplied).toBe(true)
    return askedAt
  }
  const askedAt = await change().finally(() => {
    isApplied = true
  })
  await Promise.all(callers)

  // Until it was asked for it blocked nobody, and from its answer on it blocked everybody.
  const before = calls.filter(({ endedAt }) => endedAt < askedAt)
  expect(before.filter(({ told }) => told === 'blocked')).toEqual([])
  const after = calls.filter(({ startedAt }) => startedAt > answeredAt)
  const nothingUsable = after.filter(({ request }) => usable(valuesOf(request)).length === 0)
  expect(nothingUsable.length).toBeGreaterThan(0)
  expect(after.filter(({ told }) => told === 'blocked')).toEqual(nothingUsable)
  const log = await readLog(stores[0])
  expect(log.filter((event) => event.type === 'person.split' && event.cause === 'block').length).toBeGreaterThan(0)

  // It is applied: whom only a blocked value held together has come apart, by the record, and nobody else.
  const then = await readPersons(db)
  expect(ofAnybody(then.persons)).toEqual(ofAnybody(then.record))
  expect(then.persons.flat().length).toBe(new Set(then.persons.flat()).size)
  const accepted = acceptedOf(calls)
  const values = withoutContacts(then.persons)
  expect(ofAnybody([...accepted, ...values])).toEqual(ofAnybody(accepted))
  const claims = await allClaims(db)
  expect(claims.filter(({ kind, value }) => kind === 'phone' && value.endsWith(SUFFIX))).toEqual([])

  // From then on, the persons of then are as requests, and order does not matter.
  const first = calls.length
  sent = Math.max(0, sent - LAST_REQUESTS * 2)
  await Promise.all(Array.from({ length: LAST_REQUESTS }, (_, n) => call(n)))
  const last = withoutContacts((await readPersons(db)).persons)
  expect(ofAnybody(last)).toEqual(ofAnybody([...values, ...acceptedOf(calls.slice(first))]))
  expect(last.flat().length).toBe(new Set(last.flat()).size)
})
