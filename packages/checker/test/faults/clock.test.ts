import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { runHistories } from '../../src/run-histories.ts'
import { startOwnEngine } from './callers.ts'

it("the database's clock jumps back and forth: answers agree on who is older, and all else is as ever", async () => {
  await using database = await createTestDatabase()
  await database.db.unsafe(`
    create schema test_clock;
    create function test_clock.clock_timestamp() returns timestamptz language sql volatile as $$
      select pg_catalog.clock_timestamp() - random() * interval '1 minute' $$`)
  const name = new URL(database.url).pathname.slice(1)
  await database.db.unsafe(`alter database ${name} set search_path = test_clock, pg_catalog, public`)
  await using a = startOwnEngine(database.url)
  await using b = startOwnEngine(database.url)
  await runHistories({
    processes: { A: a.send, B: b.send },
    seed: 1,
    goesOn: (histories) => histories < 100,
    asksAgain: true,
    clockMayGoBack: true,
  })
  const [row] = await database.db<
    [{ inverted: number }]
  >`select count(*)::int as inverted from contact a join contact b on a.id < b.id and a.created_at > b.created_at`
  expect(row.inverted).toBeGreaterThan(0)
})
