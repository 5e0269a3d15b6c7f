import { createTestDatabase, startServer, type TestDatabase } from '@identity/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { until } from '../../../packages/embedded-postgres/test/support/until.ts'
import { type Connection, killWorkers, openConnection, workersOf } from './worker-processes.ts'

const OK = 'HTTP/1.1 200 OK'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

it('all processes serve one port and count for one RATE_LIMIT; when one is killed, the others go on, and another takes its place', async () => {
  await using server = await startServer({ DATABASE_URL: database.url, SERVER_PROCESSES: '2', RATE_LIMIT: '5' })
  const limited = Array.from({ length: 20 }, () => fetch(`${server.url}/openapi.json`).then(({ status }) => status))
  expect((await Promise.all(limited)).toSorted()).toEqual([...Array(5).fill(200), ...Array(15).fill(429)])

  const [victim, survivor, ...more] = workersOf(server)
  expect(more).toEqual([])
  const connections: Connection[] = []
  for (let n = 0; n < 8; n++) connections.push(await openConnection(server.url))
  const statuses = () => Promise.all(connections.map((connection) => connection.ask()))
  expect(await statuses()).toEqual(Array(8).fill(OK))

  // One that hangs keeps at most one new connection waiting, which ends with it.
  process.kill(victim!, 'SIGSTOP')
  let answered = 0
  const late = Array.from({ length: 3 }, () => openConnection(server.url).finally(() => answered++))
  await until('the others answer', () => answered >= 2)
  process.kill(victim!, 'SIGKILL')
  const lateStatuses = await Promise.all(late.map(async (connection) => (await connection).ask()))
  expect(lateStatuses.filter((status) => status === OK).length).toBeGreaterThanOrEqual(2)

  await until('its connections end', async () => (await statuses()).includes(undefined))
  // Both had some. A process that is slow to say that it has taken one is passed over, so that it need not be half.
  expect(new Set(await statuses())).toEqual(new Set([undefined, OK]))
  const died = `"pid":${server.child.pid},"workerPid":${victim},"msg":"a worker process was ended by SIGKILL;`
  await until('the log says so', () => server.output().includes(died))

  await until('another starts', () => workersOf(server).length === 2)
  process.kill(survivor!, 'SIGKILL')
  await until('the new one answers', () =>
    fetch(`${server.url}/health/ready`).then(
      ({ status }) => status === 200,
      () => false,
    ),
  )
  for (const connection of [...connections, ...(await Promise.all(late))]) connection[Symbol.dispose]()
  expect(await server.stop()).toBe(0)
})

it('ends with exit code 1 and says why when workers die again and again', async () => {
  await using server = await startServer({ DATABASE_URL: database.url, SERVER_PROCESSES: '2' })
  await until('the server ends', () => {
    killWorkers(server)
    return server.child.exitCode !== null
  })
  expect(server.child.exitCode).toBe(1)
  expect(server.output()).toContain(
    'stopping: 5 worker processes in a row ended within 10 s of their start; the last one was ended by SIGKILL. ' +
      'Its log lines say why; with SERVER_PROCESSES=1 there are no workers',
  )
})
