import { postIdentify, type ServerProcess, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { isRunning, postmasterPid } from '../../../packages/embedded-postgres/test/support/processes.ts'
import { temporaryFolder } from '../../../packages/embedded-postgres/test/support/temporary-folder.ts'
import { until } from '../../../packages/embedded-postgres/test/support/until.ts'

const SENDERS = 4
const order = (n: number) => ({ email: `e${n}@example.com`, phoneNumber: `${n}` })

/** Sends orders until the server is gone. @returns the primary contact that each answered order was given */
async function sendUntilKilled(server: ServerProcess, kill: () => void): Promise<Map<number, number>> {
  const acknowledged = new Map<number, number>()
  let isGone = false
  async function sender(first: number) {
    for (let n = first; !isGone; n += SENDERS) {
      try {
        acknowledged.set(n, (await postIdentify(server.url, order(n))).primaryContactId)
      } catch {
        isGone = true
      }
    }
  }
  const senders = Array.from({ length: SENDERS }, (_, n) => sender(n + 1))
  await until('enough answers', () => acknowledged.size >= 50)
  kill()
  await Promise.all(senders)
  return acknowledged
}

it.each([
  { what: 'the server is killed, and PostgreSQL lives on', killsPostgres: false },
  { what: 'both are killed at once', killsPostgres: true },
])('every answered order is there after $what', async ({ killsPostgres }) => {
  await using folder = temporaryFolder()
  await using killed = await startServer({ DATA_DIR: folder.dataDir })
  const postgres = postmasterPid(folder.dataDir)!
  const acknowledged = await sendUntilKilled(killed, () => {
    if (killsPostgres) process.kill(postgres, 'SIGKILL')
    killed.child.kill('SIGKILL')
  })
  expect(await killed.stop()).toBeNull()
  // A process that was killed is there until its parent, by now another one, has heard of it.
  if (killsPostgres) await until('PostgreSQL has ended', () => !isRunning(postgres))
  else expect(isRunning(postgres)).toBe(true)

  await using next = await startServer({ DATA_DIR: folder.dataDir })
  expect(isRunning(postgres)).toBe(false)
  for (const [n, primaryContactId] of acknowledged) {
    expect(await postIdentify(next.url, order(n))).toMatchObject({ primaryContactId, secondaryContactIds: [] })
  }
})

it('says what to do when PostgreSQL is killed under it, ends, and starts again', async () => {
  await using folder = temporaryFolder()
  await using server = await startServer({ DATA_DIR: folder.dataDir })
  const { primaryContactId } = await postIdentify(server.url, order(1))
  process.kill(postmasterPid(folder.dataDir)!, 'SIGKILL')
  await until('the server ends', () => server.child.exitCode !== null)
  expect(server.child.exitCode).toBe(1)
  const lines = server.output().split('\n')
  expect(lines.filter((line) => line.includes('"level":"fatal"'))).toEqual([
    expect.stringContaining(
      'the embedded PostgreSQL ended by itself. Start the server again; if it recurs, LOG_LEVEL=debug shows its log',
    ),
  ])

  await using next = await startServer({ DATA_DIR: folder.dataDir })
  expect((await postIdentify(next.url, order(1))).primaryContactId).toBe(primaryContactId)
})
