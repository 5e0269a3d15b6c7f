import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createTestDatabase } from '@identity/testkit'
import { expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')
/** The lock of those who migrate, in packages/core/src/postgres/migrate.ts. */
const MIGRATION_LOCK = 7_264_001

it.each([
  ['SIGTERM', '1'],
  ['SIGINT', '2'],
] as const)('%s during a start that does not come to its end, in %s processes, ends it', async (signal, processes) => {
  await using database = await createTestDatabase()
  const { db } = database
  const { PATH, NODE_COMPILE_CACHE } = process.env
  await db`select pg_advisory_lock(${MIGRATION_LOCK})`
  const child = spawn(process.execPath, ['--conditions=@identity/source', MAIN], {
    env: { PATH, NODE_COMPILE_CACHE, PORT: '0', DATABASE_URL: database.url, SERVER_PROCESSES: processes },
    stdio: 'ignore',
  })
  try {
    const exit = once(child, 'exit')
    const waiting = () => db`
      select from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`
    await expect.poll(waiting, { timeout: 20_000 }).toHaveLength(1)
    child.kill(signal)
    expect(await exit).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
  }
})
