import { Pool } from '@identity/core/postgres'
import { createTestDatabase, takeAway } from '@identity/testkit'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { Readiness } from '../src/readiness.ts'

const IDLE = { queued: 0, maxQueued: 1, busyLanes: 0, lanes: 1 }
const store = { load: { read: IDLE, write: IDLE, large_read: IDLE, large_write: IDLE, lookup: IDLE, events: IDLE } }

it('ready means that the database answers, is migrated and takes writes; each failure says what to do', async () => {
  await using database = await createTestDatabase()
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(line) })
  const ask = (pool: Pool, isStopping = false, from = store) =>
    new Readiness({ pool, store: from, logger, isStopping: () => isStopping }).failures()
  expect(await ask(database.pool)).toEqual([])
  expect(await ask(database.pool, true)).toMatchObject([{ check: 'stopping' }])

  await database.db`alter table api_key rename to lost`
  expect(await ask(database.pool)).toMatchObject([{ check: 'migrations' }])
  await database.db`alter table lost rename to api_key`
  expect(await ask(database.pool)).toEqual([])
  await database.db`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`
  expect(await ask(database.pool)).toMatchObject([{ check: 'migrations', detail: expect.stringContaining('migrates') }])
  const write = { ...IDLE, queued: 1 }
  expect(await ask(database.pool, false, { load: { ...store.load, write } })).toMatchObject([
    {},
    { check: 'queue', detail: expect.stringMatching(/^1 request waits to write/) },
  ])

  const name = new URL(database.url).pathname.slice(1)
  await database.db.unsafe(`alter database ${name} set default_transaction_read_only = on`)
  const standby = new Pool(database.url)
  expect(await ask(standby)).toMatchObject([{ check: 'migrations' }, { check: 'writes' }])
  await standby.end()

  const bringBack = await takeAway(database)
  expect(await ask(database.pool)).toEqual([
    {
      check: 'database',
      detail: expect.stringMatching(/^PostgreSQL answered with an error \(\w+\)\. See that it runs/),
    },
  ])
  await bringBack()
  expect(lines.filter((line) => line.includes('not ready: PostgreSQL is read-only'))).toEqual([])
  expect(lines.map((line) => JSON.parse(line).msg).at(-1)).toMatch(/^not ready: PostgreSQL answered with an error/)
})

it('probes that come together ask the database once', async () => {
  await using database = await createTestDatabase()
  using asked = vi.spyOn(database.pool, 'use')
  const readiness = new Readiness({
    pool: database.pool,
    store,
    logger: pino({ level: 'silent' }),
    isStopping: () => false,
  })
  expect(await Promise.all(Array.from({ length: 100 }, () => readiness.failures()))).toEqual(Array(100).fill([]))
  expect(asked).toHaveBeenCalledTimes(1)
})
