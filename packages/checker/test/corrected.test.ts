import { Pool, PostgresStore } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { type CorrectedRunOptions, runCorrectedHistories } from '../src/corrected/run.ts'
import { PromiseBroken } from '../src/run-histories.ts'
import type { EngineParts } from '../src/simulation/process.ts'
import { mutateEngine } from './mutated-engine.ts'

const seed = Date.now() % 2 ** 31

type Stores = CorrectedRunOptions['stores']

interface Faults {
  readonly parts?: EngineParts
  /** A server in a store's place. */
  readonly wrap?: (store: PostgresStore) => Stores[string]
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
  return await runCorrectedHistories({
    stores: { A: wrap(A!), B: wrap(B!) },
    seed,
    histories,
    async createdAt() {
      await Promise.all(late)
      return createdAtOf(A!)
    },
  })
}

/** By the log, as a contact that is erased is there alone. */
async function createdAtOf(store: PostgresStore): Promise<Map<number, Date>> {
  const createdAt = new Map<number, Date>()
  let after: string | undefined
  for (;;) {
    const events = await store.events(1, { after, limit: 1_000 })
    if (events.length === 0) return createdAt
    for (const event of events) {
      if (event.type === 'person.created' || event.type === 'contact.added') {
        createdAt.set(event.contactId, new Date(event.at))
      }
    }
    after = events.at(-1)!.id
  }
}

it('histories with splits, deletions, restorations and erasures over two servers: each has an order that explains every answer (G1)', async () => {
  const calls = await run(200)
  const kinds = calls.map(({ asked, told }) => `${asked.type} ${'refused' in told ? told.refused : 'done'}`)
  const counts = Map.groupBy(kinds, (kind) => kind)
  for (const kind of [
    'split done',
    'split conflict',
    'split not_found',
    'delete done',
    'delete not_found',
    'restore done',
    'restore not_found',
    'erase done',
  ]) {
    expect([kind, (counts.get(kind)?.length ?? 0) > 0]).toEqual([kind, true])
  }
})

it('a server that splits after it has answered is found out', async () => {
  const late: Array<Promise<unknown>> = []
  const hasty = (store: PostgresStore): Stores[string] => ({
    identify: store.identify.bind(store),
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

it('a correction that locks nobody is found out, be it by the rules that the database itself keeps (G4)', async () => {
  using parts = await mutateEngine({
    file: 'postgres/statements/lock-persons-of-contacts.ts',
    from: '\n    for no key update',
    to: '',
  })
  await expect(run(100, { parts })).rejects.toThrow(PromiseBroken)
})
