import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lastPort } from '../src/database.ts'
import { startEmbeddedPostgres } from '../src/index.ts'
import { launch } from './support/launcher.ts'
import { isRunning, postmasterPid } from './support/processes.ts'
import { leaveMark, readMark, sql } from './support/sql.ts'
import { temporaryFolder } from './support/temporary-folder.ts'
import { until } from './support/until.ts'
import { users } from './support/users.ts'

const portOf = (url: string) => Number(new URL(url).port)

it('makes the folder, with those around it, and says in a file how to connect', async () => {
  await using folder = temporaryFolder()
  const dataDir = join(folder.path, 'new', 'newer', 'data')
  const postgres = await startEmbeddedPostgres({ dataDir })
  try {
    expect(readFileSync(join(dataDir, 'database-url'), 'utf8')).toBe(`${postgres.url}\n`)
    expect(statSync(join(dataDir, 'database-url')).mode & 0o777).toBe(0o600)
    expect(await sql(postgres.url, 'select current_database() as name')).toEqual([{ name: 'identity' }])
  } finally {
    await postgres.stop()
  }
})

describe.each(users)('as $name', ({ user }) => {
  it('keeps the data and the port from start to start', async () => {
    await using folder = temporaryFolder({ user })
    await using first = launch(folder.dataDir, { user })
    await leaveMark(await first.url)
    const pid = postmasterPid(folder.dataDir)!
    expect(isRunning(pid)).toBe(true)
    expect(await first.stop()).toBe(0)
    expect(isRunning(pid)).toBe(false)
    expect(postmasterPid(folder.dataDir)).toBeUndefined()

    await using second = launch(folder.dataDir, { user })
    expect(await readMark(await second.url)).toBe(42)
    expect(await second.url).toBe(await first.url)
  })
})

it('takes another port when its own is taken', async () => {
  await using folder = temporaryFolder()
  await using first = launch(folder.dataDir)
  const taken = portOf(await first.url)
  await first.stop()
  await using squatter = createServer().listen(taken, '127.0.0.1')
  await until('the port is taken', () => squatter.listening)
  await using second = launch(folder.dataDir)
  expect(portOf(await second.url)).not.toBe(taken)
  expect(readFileSync(join(folder.dataDir, 'database-url'), 'utf8')).toBe(`${await second.url}\n`)
})

it.each([
  { content: 'postgres://identity:12345@127.0.0.1:6543/identity\n', port: 6543 },
  { content: '', port: 0 },
  { content: 'postgres://identity:12345@127.0.0.1:65', port: 0 },
  { content: 'not an address at all\n', port: 0 },
])('reads the port from the address of the last start, whole or damaged: $content', async ({ content, port }) => {
  await using folder = temporaryFolder()
  const file = join(folder.path, 'database-url')
  expect(lastPort(file)).toBe(0)
  writeFileSync(file, content)
  expect(lastPort(file)).toBe(port)
})

it('leaves no PostgreSQL behind when the start fails at the last step', async () => {
  await using folder = temporaryFolder()
  await expect(startEmbeddedPostgres({ dataDir: folder.dataDir, database: '' })).rejects.toThrow('delimited identifier')
  expect(postmasterPid(folder.dataDir)).toBeUndefined()
  await using next = launch(folder.dataDir)
  await next.url
})

it('says so when PostgreSQL ends by itself, and not when it is asked to', async () => {
  await using folder = temporaryFolder()
  const first = await startEmbeddedPostgres({ dataDir: folder.dataDir })
  process.kill(postmasterPid(folder.dataDir)!, 'SIGKILL')
  await first.died
  await first.stop()

  const second = await startEmbeddedPostgres({ dataDir: folder.dataDir })
  let isDead = false
  void second.died.then(() => {
    isDead = true
  })
  await second.stop()
  expect(isDead).toBe(false)
  expect(existsSync(join(folder.dataDir, 'postgres', 'data', 'PG_VERSION'))).toBe(true)
  expect(readdirSync(folder.dataDir).sort()).toEqual(['database-url', 'postgres', 'server.lock'])
})

it('a process that exits without stopping it takes PostgreSQL along', async () => {
  await using folder = temporaryFolder()
  await using launcher = launch(folder.dataDir)
  await launcher.url
  const pid = postmasterPid(folder.dataDir)!
  // At SIGUSR2 the script calls process.exit(1).
  expect(await launcher.stop('SIGUSR2')).toBe(1)
  await until('PostgreSQL ends', () => !isRunning(pid))
})
