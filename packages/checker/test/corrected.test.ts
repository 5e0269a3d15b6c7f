import { Pool, PostgresStore } from '@identity/core/postgres'
import { allContacts, createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { runCorrectedHistories } from '../src/corrected/run.ts'
import type { EngineParts } from '../src/simulation/process.ts'
import { mutateEngine } from './mutated-engine.ts'

const seed = Date.now() % 2 ** 31

/** Histories in which persons are corrected beside identify, on two servers. */
async function run(histories: number, parts: EngineParts = { Pool, PostgresStore }) {
  await using database = await createTestDatabase()
  await using cleanup = new AsyncDisposableStack()
  const [A, B] = [0, 1].map(() => {
    const pool = new parts.Pool(database.url)
    cleanup.defer(() => pool.end())
    return new parts.PostgresStore(pool, { timeoutMs: 60_000 })
  })
  // From now on merges look for separations, so that making one waits for nothing.
  await database.db`insert into policy (workspace_id, has_separations) values (1, true)`
  return await runCorrectedHistories({
    stores: { A: A!, B: B! },
    seed,
    histories,
    createdAt: async () => new Map((await allContacts(database.db)).map(({ id, createdAt }) => [id, createdAt])),
  })
}

it('histories with splits, deletions and restorations over two servers: each has an order that explains every answer (G1)', async () => {
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
  ]) {
    expect([kind, (counts.get(kind)?.length ?? 0) > 5]).toEqual([kind, true])
  }
})

it('a correction that locks nobody is found out', async () => {
  using parts = await mutateEngine({
    file: 'postgres/statements/lock-persons-of-contacts.ts',
    from: '\n    for no key update',
    to: '',
  })
  await expect(run(100, parts)).rejects.toThrow(/no order of these calls/)
})
