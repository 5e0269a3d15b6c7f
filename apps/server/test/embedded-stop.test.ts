import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postIdentify, startServer } from '@identity/testkit'
import postgres from 'postgres'
import { expect, it } from 'vitest'
import { isInitdbAtWork, isRunning, postmasterPid } from '../../../packages/embedded-postgres/test/support/processes.ts'
import { temporaryFolder } from '../../../packages/embedded-postgres/test/support/temporary-folder.ts'
import { until } from '../../../packages/embedded-postgres/test/support/until.ts'

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')
const isListening = (url: string) =>
  fetch(`${url}/health/live`).then(
    () => true,
    () => false,
  )

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: answers the requests in flight, stops PostgreSQL and exits with 0',
  async (signal) => {
    await using folder = temporaryFolder()
    await using server = await startServer({ DATA_DIR: folder.dataDir })
    const pid = postmasterPid(folder.dataDir)!
    const db = postgres(readFileSync(join(folder.dataDir, 'database-url'), 'utf8').trim())
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>()
    const closedGate = db.begin(async (tx) => {
      await tx`lock table contact in access exclusive mode`
      openGate()
      await until('the request waits', async () => (await tx`select from pg_locks where not granted`).length > 0)
      server.child.kill(signal)
      await until('the server takes no more', async () => !(await isListening(server.url)))
      // Ctrl-C under `npm start` comes twice: from the terminal, and passed on by npm.
      server.child.kill(signal)
    })
    await gate
    const answer = await postIdentify(server.url, { email: 'mcfly@hillvalley.edu' })
    await closedGate
    await db.end()

    expect(answer).toMatchObject({ emails: ['mcfly@hillvalley.edu'] })
    await until('the server ends', () => server.child.exitCode !== null)
    expect(server.child.exitCode).toBe(0)
    expect(postmasterPid(folder.dataDir)).toBeUndefined()
    expect(isRunning(pid)).toBe(false)
    await using next = await startServer({ DATA_DIR: folder.dataDir })
    expect(await postIdentify(next.url, { email: 'mcfly@hillvalley.edu' })).toEqual(answer)
  },
)

// One and the same handler takes both signals, so that each of these moments needs one.
it.each([
  { moment: 'makes the database', signal: 'SIGINT', hasCome: isInitdbAtWork },
  { moment: 'starts PostgreSQL', signal: 'SIGTERM', hasCome: (folder: string) => postmasterPid(folder) !== undefined },
])('$signal while the server $moment: ends in good order', async ({ moment, signal, hasCome }) => {
  await using folder = temporaryFolder()
  const child = startInTerminal(folder.dataDir)
  try {
    await until(`the server ${moment}`, () => hasCome(folder.dataDir))
    process.kill(-child.pid!, signal)
    const [exitCode] = await once(child, 'exit')
    expect(exitCode).toBe(0)
    expect(postmasterPid(folder.dataDir)).toBeUndefined()
  } finally {
    child.kill('SIGKILL')
  }
  await using next = await startServer({ DATA_DIR: folder.dataDir })
  expect(await postIdentify(next.url, { phoneNumber: '123456' })).toMatchObject({ primaryContactId: 1 })
})

/** A process group of its own, which a signal from the terminal reaches as a whole. */
function startInTerminal(dataDir: string): ChildProcess {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  return spawn(process.execPath, ['--conditions=@identity/source', MAIN], {
    env: { PATH, NODE_COMPILE_CACHE, PORT: '0', DATA_DIR: dataDir },
    stdio: 'ignore',
    detached: true,
  })
}

it('does not leave PostgreSQL behind when it cannot stop in time', async () => {
  await using folder = temporaryFolder()
  await using server = await startServer({ DATA_DIR: folder.dataDir, SHUTDOWN_TIMEOUT_MS: '0' })
  const pid = postmasterPid(folder.dataDir)!
  expect(await server.stop()).toBe(1)
  await until('PostgreSQL ends', () => !isRunning(pid))
})
