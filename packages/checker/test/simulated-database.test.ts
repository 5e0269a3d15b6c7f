import type { RecordedEvent } from '@identity/core'
import { applyBlocks, PostgresStore } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { nextAsked, type Seen } from '../src/logged/next-asked.ts'
import { send } from '../src/logged/send.ts'
import { randomPlan } from '../src/plan.ts'
import { Random } from '../src/random.ts'
import { SimulatedDatabase } from '../src/simulation/database.ts'
import { Faults, NO_FAULTS } from '../src/simulation/faults.ts'
import { type ProcessOptions, SimulatedProcess } from '../src/simulation/process.ts'
import { Scheduler } from '../src/simulation/scheduler.ts'
import { withVirtualTime } from '../src/simulation/virtual-time.ts'

const HISTORIES = 100
const CORRECTED_CALLS = 400
/** What is among them at the least. */
const KINDS = [
  ...['identify done', 'delete done', 'delete not_found', 'restore done', 'restore not_found', 'erase done'],
  ...['split done', 'split conflict', 'split not_found', 'undo done', 'undo conflict'],
  ...['separate done', 'separate conflict', 'separate not_found', 'identify identifier_blocked'],
]
const TYPES = [
  ...['contact.added', 'contact.deleted', 'contact.restored', 'contacts.separated', 'person.created', 'person.erased'],
  ...['person.split', 'persons.merged', 'merge.refused email-limit', 'merge.refused separation'],
  ...['identifier.blocked', 'identifier.unblocked'],
]
/** The two clocks differ. */
const AT = expect.any(String)

function idsOf(events: readonly RecordedEvent[], type: RecordedEvent['type']): string[] {
  return events.filter((event) => event.type === type).map(({ id }) => id)
}

/** A process on a database of its own, called outside of any history. */
function startSimulated(random: Random, options?: ProcessOptions) {
  const scheduler = new Scheduler(random)
  const database = new SimulatedDatabase(() => scheduler.nowMs)
  const process = new SimulatedProcess(database, scheduler, new Faults(random, NO_FAULTS), options)
  return {
    store: process.store,
    call: <T>(work: (store: PostgresStore, process: SimulatedProcess) => Promise<T>): Promise<T> =>
      withVirtualTime(scheduler, async () => {
        const call = work(process.store, process)
        let isDone = false
        const end = () => {
          isDone = true
        }
        call.then(end, end)
        await scheduler.run(() => isDone, Number.POSITIVE_INFINITY)
        return call
      }),
  }
}

it('answers the engine as PostgreSQL does', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  const random = new Random(1)
  const simulated = startSimulated(random)
  for (let number = 0; number < HISTORIES; number++) {
    for (const request of randomPlan(random, String(1000 + number)).flat()) {
      const answer = await simulated.call(({ identify }) => identify.call(simulated.store, 1, [request]))
      expect(answer).toEqual(await store.identify(1, [request]))
    }
  }
})

it('answers corrections and rules as PostgreSQL does, and tells of them in the same events', async () => {
  await using database = await createTestDatabase()
  const store = new PostgresStore(database.pool)
  // One of its own for what is asked, so that it stays the same whatever statements there are.
  const random = new Random(4)
  const simulated = startSimulated(new Random(2), { hasRules: true })
  const seen: Seen = { persons: [], deleted: [], merges: [] }
  const kinds = new Set<string>()
  const onBoth = async <T>(work: (store: PostgresStore) => Promise<T>): Promise<T> => {
    const [one, other] = [await simulated.call(work), await work(store)]
    expect(one).toEqual(other)
    return one
  }
  const apply = async () => {
    await database.db`update block_rule set created_at = 'epoch'`
    for await (const _ of applyBlocks(database.pool, 1, { patienceMs: 5_000 }));
    await simulated.call((_, process) => process.applyBlocks())
    await onBoth(async ({ rules }) => (await rules.blockRules(1)).map((rule) => ({ ...rule, createdAt: AT })))
  }
  for (let number = 0; number < CORRECTED_CALLS; number++) {
    if (number === CORRECTED_CALLS / 2) {
      await onBoth(async ({ rules }) => {
        const [rule, policy] = await Promise.all([
          rules.addBlockRule(1, 'phone', '*2'),
          rules.setPolicy(1, { maxEmails: 2 }),
        ])
        return { rule: { ...rule, createdAt: AT }, policy }
      })
      await apply()
    }
    if (number === (CORRECTED_CALLS * 3) / 4) {
      await onBoth(async ({ rules }) => {
        const added = rules.addBlockRule(1, 'email', 'e1@*')
        // From now on it only waits, while the next change is made.
        while ((await rules.blockRules(1)).length === 1);
        const wasThere = await rules.removeBlockRule(1, 1)
        return { pattern: (await added).pattern, wasThere }
      })
      await apply()
    }
    if (number % 8 === 0) {
      const events = await onBoth(async (either) => idsOf(await either.events(1, { limit: 1_000 }), 'persons.merged'))
      seen.merges.splice(0, seen.merges.length, ...events)
    }
    const asked = nextAsked(random, seen)
    // As if its rules were made long ago: separations that come right after them wait.
    await database.db`update policy set updated_at = 'epoch'`
    const told = await onBoth((either) => send(either, asked, String(number)))
    kinds.add(`${asked.type} ${'refused' in told ? told.refused : 'done'}`)
    if ('persons' in told) seen.persons.push(...told.persons)
    if (asked.type === 'delete') seen.deleted.push(asked.contactId)
  }
  const query = { limit: 1_000 }
  const events = (await store.events(1, query)).map((event) => ({ ...event, at: AT }))
  expect(await simulated.call((simulatedStore) => simulatedStore.events(1, query))).toEqual(events)
  for (const kind of KINDS) expect([kind, kinds.has(kind)]).toEqual([kind, true])
  const types = new Set(events.map((event) => ('reason' in event ? `${event.type} ${event.reason}` : event.type)))
  for (const type of TYPES) expect([type, types.has(type)]).toEqual([type, true])
})
