import { createTestDatabase, orders, type TestDatabase, takeAway } from '@identity/testkit'
import { expect, it } from 'vitest'
import { identity, start } from './support/identity.ts'
import { ndjsonOf, temporaryFolder } from './support/orders-files.ts'
import { expectAllOrders, untilContacts } from './support/persons.ts'

/** An import that has written something, and waits for the rest of its input. */
async function startHalf(database: TestDatabase, cwd: string, args: string[] = []) {
  const running = start(['import', '-', ...args], { cwd, env: { DATABASE_URL: database.url } })
  running.child.stdin.write(ndjsonOf(orders().slice(0, 13_000)))
  await untilContacts(database.db)
  return running
}

async function importAll(database: TestDatabase, cwd: string): Promise<void> {
  const { code } = await identity(['import', '-'], { cwd, env: { DATABASE_URL: database.url }, input: ndjsonOf() })
  expect(code).toBe(3)
  await expectAllOrders(database.db)
}

it('after kill -9, the same command ends in the same persons', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  const { child, ended } = await startHalf(database, folder.path)
  child.kill('SIGKILL')
  await ended
  await importAll(database, folder.path)
})

it('after Ctrl-C, it says how to go on, and does', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  const { child, ended } = await startHalf(database, folder.path)
  child.kill('SIGINT')
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining('Start the same command again') })
  await importAll(database, folder.path)
})

it('a database that goes and comes back in time is waited for', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  const { child, ended } = await startHalf(database, folder.path)
  const bringBack = await takeAway(database)
  child.stdin.end(ndjsonOf(orders().slice(13_000)))
  // It has met the outage when it says so.
  await new Promise<void>((resolve) =>
    child.stderr.on('data', (chunk) => String(chunk).includes('Trying on') && resolve()),
  )
  await bringBack()
  expect(await ended).toMatchObject({ code: 3 })
  await expectAllOrders(database.db)
})

it('a database that stays away: exit code 1, and what to do', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  const { child, ended } = await startHalf(database, folder.path, ['--patience', '1'])
  const bringBack = await takeAway(database)
  child.stdin.end(ndjsonOf(orders().slice(13_000)))
  const { code, stderr } = await ended
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('has been away for 1 s') })
  await bringBack()
})
