import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'
import { runHistories } from '../../src/run-histories.ts'
import { startOwnEngine } from './callers.ts'
import { startCuttingProxy } from './cutting-proxy.ts'

const CUTS = 10
const untilDone = (histories: number) => histories < 100

it('connections cut before and after COMMIT: the engine finds out what became of it, and never guesses', async () => {
  await using database = await createTestDatabase()
  await using proxy = await startCuttingProxy(database.url)
  await using a = startOwnEngine(proxy.url)
  await using b = startOwnEngine(proxy.url)
  const goesOn = () => proxy.cuts.before < CUTS || proxy.cuts.after < CUTS
  await runHistories({ processes: { A: a.send, B: b.send }, seed: 1, goesOn, asksAgain: true })
})

it('one connection for all lanes: work waits for it, and every call is answered', async () => {
  await using database = await createTestDatabase()
  await using a = startOwnEngine(database.url, { maxConnections: 1 })
  await using b = startOwnEngine(database.url, { maxConnections: 1 })
  await runHistories({ processes: { A: a.send, B: b.send }, seed: 1, goesOn: untilDone, asksAgain: true })
})

it('a database that has no connection left (53300): tried again until there is one', async () => {
  await using database = await createTestDatabase()
  const role = `role_${new URL(database.url).pathname.slice(6)}`
  await database.db.unsafe(`create role ${role} login password 'test' connection limit 2`)
  await database.db.unsafe(`grant all on all tables in schema public to ${role}`)
  await database.db.unsafe(`grant all on all sequences in schema public to ${role}`)
  const url = new URL(database.url)
  Object.assign(url, { username: role, password: 'test' })
  {
    await using a = startOwnEngine(url.href)
    await using b = startOwnEngine(url.href)
    await runHistories({ processes: { A: a.send, B: b.send }, seed: 1, goesOn: untilDone, asksAgain: true })
    expect([...a.repeated, ...b.repeated]).toContain('53300')
  }
  await database.db.unsafe(`drop owned by ${role}`)
  await database.db.unsafe(`drop role ${role}`)
})

it('statements that time out behind a lock: repeated until it is gone', async () => {
  await using database = await createTestDatabase()
  await using a = startOwnEngine(database.url, { statementTimeoutMs: 300 })
  await using b = startOwnEngine(database.url, { statementTimeoutMs: 300 })
  let isDone = false
  const lockAgainAndAgain = async () => {
    for (let round = 0; round < 2 && !isDone; round++) {
      await database.db`begin`
      await database.db`lock table contact in exclusive mode`
      await a.hasRepeated('57014')
      await database.db`rollback`
    }
    isDone = true
  }
  const locking = lockAgainAndAgain()
  const goesOn = () => !isDone
  await runHistories({ processes: { A: a.send, B: b.send }, seed: 1, goesOn, asksAgain: true })
  await locking
})
