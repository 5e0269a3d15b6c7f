import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openClient } from '@identity/core/postgres'
import { createTestDatabase, postIdentify, serve, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { isRunning, postmasterPid } from '../../../packages/embedded-postgres/test/support/processes.ts'
import { temporaryFolder } from '../../../packages/embedded-postgres/test/support/temporary-folder.ts'
import { holdWrites } from './hold-writes.ts'
import { workersOf } from './worker-processes.ts'

it('SIGINT to the whole group: every process answers the requests it has, and all end', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url, SERVER_PROCESSES: '2', WRITE_LANES: '1' })
  const workers = workersOf(server)
  const holder = await holdWrites(database)
  const answers = Array.from({ length: 8 }, (_, n) => postIdentify(server.url, { email: `e${n}@example.com` }))
  // One lane each, so one waits in either process.
  await holder.waitingTransactions(2)
  for (const pid of workers) process.kill(pid, 'SIGINT')
  const exitCode = server.stop('SIGINT')
  await holder.release()
  expect(new Set((await Promise.all(answers)).map(({ primaryContactId }) => primaryContactId)).size).toBe(8)
  expect(await exitCode).toBe(0)
  expect(workers.filter(isRunning)).toEqual([])
})

it('kill -9 of the first process ends the others, and the next start has the port', async () => {
  await using database = await createTestDatabase()
  const env = { DATABASE_URL: database.url, SERVER_PROCESSES: '2' }
  await using killed = await startServer(env)
  const workers = workersOf(killed)
  // Waits for all who write to its output.
  await killed.stop('SIGKILL')
  expect(workers.filter(isRunning)).toEqual([])
  await using next = await startServer({ ...env, PORT: new URL(killed.url).port })
  expect(await postIdentify(next.url, { email: 'ann@example.com' })).toMatchObject({ primaryContactId: 1 })
})

it('a port in use is said in one line, once', async () => {
  await using database = await createTestDatabase()
  await using other = await serve(() => {})
  const { port } = new URL(other.url)
  await expect(startServer({ DATABASE_URL: database.url, SERVER_PROCESSES: '2', PORT: port })).rejects.toThrow(
    new Error(
      `the server ended (1) before it was ready:\nThe server cannot start: 127.0.0.1:${port} is in use. Stop what listens there, or set PORT to another (0 takes any free one).\n`,
    ),
  )
})

it('a port in use is said alone, also where PostgreSQL has to be stopped again', async () => {
  await using folder = temporaryFolder()
  await using other = await serve(() => {})
  const { port } = new URL(other.url)
  await expect(startServer({ DATA_DIR: folder.dataDir, PORT: port })).rejects.toThrow(
    new Error(
      `the server ended (1) before it was ready:\nThe server cannot start: 127.0.0.1:${port} is in use. Stop what listens there, or set PORT to another (0 takes any free one).\n`,
    ),
  )
})

it('the embedded PostgreSQL is one for all processes, sized for the machine, and stops after them', async () => {
  await using folder = temporaryFolder()
  await using server = await startServer({ DATA_DIR: folder.dataDir, SERVER_PROCESSES: '2' })
  const postgres = postmasterPid(folder.dataDir)!
  await postIdentify(server.url, { email: 'ann@example.com' })
  const client = openClient(readFileSync(join(folder.dataDir, 'database-url'), 'utf8').trim())
  expect(await client`show checkpoint_timeout`).toEqual([{ checkpoint_timeout: '15min' }])
  await client.end()
  expect(await server.stop()).toBe(0)
  expect(isRunning(postgres)).toBe(false)
  expect(server.output()).not.toContain('"level"')
})
