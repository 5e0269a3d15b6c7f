import type { RecordedEvent } from '@identity/core'
import { Pool, PostgresStore } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import type { LoggedCall } from '../src/logged/call.ts'
import { runLoggedHistories, type StoreUnderTest } from '../src/logged/run.ts'
import { PromiseBroken } from '../src/run-histories.ts'
import type { EngineParts } from '../src/simulation/process.ts'
import { type Mutation, mutateEngine } from './mutated-engine.ts'

const seed = Date.now() % 2 ** 31

interface Faults {
  readonly parts?: EngineParts
  /** A server in a store's place. */
  readonly wrap?: (store: PostgresStore) => StoreUnderTest
  /** What goes on after its answer. */
  readonly late?: ReadonlyArray<Promise<unknown>>
}

/** Histories in which persons are corrected beside identify, on two servers. */
async function run(
  histories: number,
  { parts = { Pool, PostgresStore }, wrap = (store) => store, late = [] }: Faults = {},
) {
  await using database = await createTestDatabase()
  await using cleanup = new AsyncDisposableStack()
  const [A, B] = [0, 1].map(() => {
    const pool = new parts.Pool(database.url)
    cleanup.defer(() => pool.end())
    return new parts.PostgresStore(pool, { timeoutMs: 60_000 })
  })
  // From now on merges look for separations, so that making one waits for nothing.
  await database.db`insert into policy (workspace_id, has_separations, updated_at) values (1, true, 'epoch')`
  return await runLoggedHistories({
    stores: { A: wrap(A!), B: wrap(B!) },
    seed,
    histories,
    async events() {
      await Promise.all(late)
      return wholeLog(A!)
    },
  })
}

async function wholeLog(store: PostgresStore): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = []
  for (;;) {
    const page = await store.events(1, { after: all.at(-1)?.id, limit: 1_000 })
    all.push(...page)
    if (page.length < 1_000) return all
  }
}

/** That all of these are among the calls: so much is tried. */
function expectKinds(calls: readonly LoggedCall[], kinds: readonly string[]): void {
  const found = new Set(calls.map(kindOf))
  expect(kinds.filter((kind) => !found.has(kind))).toEqual([])
}

function kindOf({ asked, told }: LoggedCall): string {
  if (told && 'refused' in told) return `${asked.type} ${told.refused}`
  if (told && 'foreseen' in told) return `preview ${told.reason ?? told.foreseen.outcome}`
  return `${asked.type} ${told && 'persons' in told && told.outcome === 'refused' ? 'refused' : 'done'}`
}

it('histories with splits, undos, separations, deletions, restorations and erasures over two servers: each has an order that explains every answer (G1)', async () => {
  const calls = await run(200)
  expectKinds(calls, [
    'split done',
    'split conflict',
    'split not_found',
    'delete done',
    'delete not_found',
    'restore done',
    'restore not_found',
    'erase done',
    'undo done',
    'undo conflict',
    'separate done',
    'separate conflict',
  ])
})

it('a server that splits after it has answered is found out', async () => {
  const late: Array<Promise<unknown>> = []
  const hasty = (store: PostgresStore): StoreUnderTest => ({
    identify: store.identify.bind(store),
    preview: store.preview.bind(store),
    find: store.find.bind(store),
    inquiries: store.inquiries,
    rules: store.rules,
    corrections: {
      deleteContact: (...asked) => store.corrections.deleteContact(...asked),
      restoreContact: (...asked) => store.corrections.restoreContact(...asked),
      erase: (...asked) => store.corrections.erase(...asked),
      undo: (...asked) => store.corrections.undo(...asked),
      async split(workspaceId, query) {
        const answer = await store.corrections.split(workspaceId, query, { dryRun: true })
        late.push(store.corrections.split(workspaceId, query).catch(() => {}))
        return { ...answer, separationId: query.keepApart ? 1 : null }
      },
    },
  })
  await expect(run(100, { wrap: hasty, late })).rejects.toThrow(/no order of these calls/)
})

it.each<Mutation & { fault: string }>([
  {
    // Be it by the rules that the database itself keeps (G4).
    fault: 'a correction that locks nobody',
    file: 'postgres/statements/lock-persons-of-contacts.ts',
    from: '\n    for no key update',
    to: '',
  },
  {
    // It often trips over its own fault before an order is looked for.
    fault: 'an undo that does not look at what happened since',
    file: 'postgres/corrections/undo-merge.ts',
    from: 'if (cursor.position > position || cursor.index > index) later.push(event)',
    to: 'if (cursor.position < position) later.push(event)',
  },
])('$fault is found out', async (mutation) => {
  using parts = await mutateEngine(mutation)
  await expect(run(150, { parts })).rejects.toThrow(PromiseBroken)
})
