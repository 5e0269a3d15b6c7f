import { type Client, Pool } from '@identity/core/postgres'
import { createTestDatabase, type TestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'

const pidOf = async (client: Client) => (await client<[{ pid: number }]>`select pg_backend_pid() as pid`)[0].pid
const cut = ({ db }: TestDatabase, pid: number) => db`select pg_terminate_backend(${pid}, 5000)`

it('a connection is used again', async () => {
  await using database = await createTestDatabase()
  expect(await database.pool.use(pidOf)).toBe(await database.pool.use(pidOf))
})

it('opens no more connections than it may; who comes later waits for one', async () => {
  await using database = await createTestDatabase()
  const pool = new Pool(database.url, { maxConnections: 2 })
  const pids = await Promise.all(Array.from({ length: 10 }, () => pool.use(pidOf)))
  expect(new Set(pids)).toHaveLength(2)
  await pool.end()
})

it('a connection that was cut while idle is not used again', async () => {
  await using database = await createTestDatabase()
  const first = await database.pool.use(pidOf)
  await cut(database, first)
  await expect.poll(() => database.pool.use(pidOf).catch(() => first)).not.toBe(first)
})

it('what follows a cut inside a transaction fails, and never runs on another connection', async () => {
  await using database = await createTestDatabase()
  await database.db`create table note (text text)`
  const work = database.pool.use(async (client) => {
    await client`begin`
    await client`insert into note values ('first')`
    await cut(database, await pidOf(client))
    await Promise.all(['second', 'third'].map((text) => client`insert into note values (${text})`))
    await client`commit`
  })
  await expect(work).rejects.toThrow()
  expect(await database.db`select text from note`).toEqual([])
  expect(await database.pool.use(pidOf)).toBeGreaterThan(0)
})

it('a transaction left open by a failure is rolled back before the connection is used again', async () => {
  await using database = await createTestDatabase()
  const pool = new Pool(database.url, { maxConnections: 1 })
  const failure = pool.use(async (client) => {
    await client`begin`
    await client`select 1 / 0`
  })
  await expect(failure).rejects.toMatchObject({ code: '22012' })
  expect(await pool.use(pidOf)).toBeGreaterThan(0)
  await pool.end()
})

it('work that takes too long loses its connection, and the pool goes on', async () => {
  await using database = await createTestDatabase()
  const pool = new Pool(database.url, { maxConnections: 1, statementTimeoutMs: 50 })
  const stuck = pool.use(async (client) => {
    await client`set statement_timeout = 0`
    await client`select pg_sleep(60)`
  })
  await expect(stuck).rejects.toMatchObject({ code: 'CONNECTION_DESTROYED' })
  expect(await pool.use(pidOf)).toBeGreaterThan(0)
  await pool.end()
})

it('its end does not wait for a connection that is cut meanwhile', async () => {
  await using database = await createTestDatabase()
  const pool = new Pool(database.url)
  let ended: Promise<void> | undefined
  const failure = await pool.use(async (client) => {
    const pid = await pidOf(client)
    const sleep = client`select pg_sleep(60)`.catch((error: Error) => error)
    ended = pool.end({ timeoutMs: 600_000 })
    await cut(database, pid)
    return sleep
  })
  expect(failure).toBeInstanceOf(Error)
  await ended
})

it('a transaction that waits for its connection to open ends whole before the pool does, and leaves no connection', async () => {
  await using database = await createTestDatabase()
  await database.db`create table note (text text)`
  const pool = new Pool(database.url)
  const insert = (text: string) =>
    pool.use((client) =>
      Promise.all([client`begin`, client`insert into note values (${text})`, client`select 1`, client`commit`]),
    )
  const work = [insert('first'), insert('second')]
  await Promise.all([pool.end(), pool.end()])
  await Promise.all(work)
  expect(await database.db`select text from note order by text`).toEqual([{ text: 'first' }, { text: 'second' }])
  const others = () => database.db`
    select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
  await expect.poll(others).toHaveLength(0)
})

it('refuses work once it has ended, and does not have it wait for what is under way', async () => {
  await using database = await createTestDatabase()
  const pool = new Pool(database.url, { maxConnections: 1 })
  let ended: Promise<void> | undefined
  const underWay = pool.use(async (client) => {
    const pid = await pidOf(client)
    ended = pool.end()
    await expect(pool.use(pidOf)).rejects.toThrow('the pool has ended')
    await cut(database, pid)
    return pidOf(client)
  })
  await expect(underWay).rejects.toMatchObject({ code: expect.stringMatching(/^CONNECTION_/) })
  await ended
  await expect(pool.use(pidOf)).rejects.toThrow('the pool has ended')
})
