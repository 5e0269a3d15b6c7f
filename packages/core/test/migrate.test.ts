import { readFileSync } from 'node:fs'
import { migrate, PostgresStore } from '@identity/core/postgres'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'

it('twenty servers that start at once on an empty database', async () => {
  await using database = await createTestDatabase({ empty: true })
  await Promise.all(Array.from({ length: 20 }, () => migrate(database.url)))
  const [{ count }] = await database.db<[{ count: number }]>`select count(*)::int from drizzle.__drizzle_migrations`
  expect(count).toBe(journal().length)
  const [result] = await new PostgresStore(database.pool).identify(1, [{ email: 'ann@example.com', phoneNumber: null }])
  expect(result!.person.primaryContactId).toBe(1)
})

it('gives up on a lock that nobody lets go of, and says so', async () => {
  await using database = await createTestDatabase()
  await database.db`select pg_advisory_lock(7264001)`
  await expect(migrate(database.url, { lockTimeoutMs: 50 })).rejects.toThrow(/another server/)
})

it('has its migrations in the order of their dates: the migrator skips one that is dated before the last', () => {
  const dates = journal().map((entry) => entry.when)
  expect(dates).toEqual(dates.toSorted((a, b) => a - b))
})

it('asks nothing that PostgreSQL refuses when there is nothing to do', async () => {
  await using database = await createTestDatabase()
  const refused = async () => {
    const [row] = await database.db<[{ count: number }]>`
      select xact_rollback::int as count from pg_stat_database where datname = current_database()`
    return row.count
  }
  const before = await refused()
  await migrate(database.url)
  // A connection that is no longer listed has handed in its statistics.
  const others = () => database.db`
    select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
  await expect.poll(async () => (await others()).length, { timeout: 30_000 }).toBe(0)
  expect(await refused()).toBe(before)
})

function journal(): Array<{ when: number }> {
  return JSON.parse(readFileSync(new URL('../migrations/meta/_journal.json', import.meta.url), 'utf8')).entries
}
