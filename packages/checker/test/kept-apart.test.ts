import { IdentityError } from '@identity/core'
import { Pool, PostgresStore, type RuleSource } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { PromiseBroken, runHistories, type Send } from '../src/run-histories.ts'

const seed = Date.now() % 2 ** 31

/** Histories in which contacts are kept apart beside identify, on two servers of which one may have rules of its own. */
async function run(histories: number, rules?: RuleSource) {
  await using database = await createTestDatabase()
  const pool = new Pool(database.url)
  await using _ = { [Symbol.asyncDispose]: () => pool.end() }
  const stores = [new PostgresStore(database.pool), new PostgresStore(pool, { ...(rules && { rules }) })] as const
  // From now on merges look for separations, so that making one waits for nothing.
  await database.db`insert into policy (workspace_id, has_separations, updated_at) values (1, true, 'epoch')`
  const sendTo =
    (store: PostgresStore): Send =>
    async (request) =>
      (await store.identify(1, [request]))[0]!.person
  let turn = 0
  return await runHistories({
    processes: { A: sendTo(stores[0]), B: sendTo(stores[1]) },
    async keepApart(pair) {
      try {
        await stores[turn++ % 2]!.rules.separate(1, pair)
        return 'separated'
      } catch (error) {
        if (error instanceof IdentityError && error.code === 'conflict') return 'one person'
        throw error
      }
    },
    seed,
    goesOn: (done) => done < histories,
    concurrency: 24,
  })
}

it('histories with separations over two servers: each has an order that explains every answer (G1)', async () => {
  const { calls } = await run(500)
  expect(calls).toBeGreaterThan(1_000)
})

it('a server that does not look for separations is found out', async () => {
  await expect(run(500, { of: () => undefined, isCurrent: () => true })).rejects.toThrow(PromiseBroken)
})
