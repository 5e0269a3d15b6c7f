import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@identity/embedded-postgres'
import { createTestDatabase, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { postmasterPid } from '../../../embedded-postgres/test/support/processes.ts'
import { runHistories } from '../../src/run-histories.ts'
import { viaHttp } from './callers.ts'

const KILLS = 2

/** Goes on with histories until the fault has been there so often; each time after some more of them. */
function duringFaults(fault: () => Promise<void>, times: number, every: number) {
  let done = 0
  let next = every
  let failure: unknown
  return {
    goesOn(histories: number): boolean {
      if (failure) throw failure
      if (histories >= next && done < times) {
        next = Number.POSITIVE_INFINITY
        fault().then(
          () => {
            done++
            next = histories + every
          },
          (error: unknown) => {
            failure = error
          },
        )
      }
      return done < times
    },
  }
}

it('kill -9 of a server again and again: every answer of either is explained, and still true afterwards', async () => {
  await using database = await createTestDatabase()
  const env = { DATABASE_URL: database.url }
  await using stays = await startServer(env)
  let killed = startServer(env)
  const { goesOn } = duringFaults(
    async () => {
      const { stop } = await killed
      const stopped = stop('SIGKILL')
      killed = stopped.then(() => startServer(env))
      await killed
    },
    KILLS,
    20,
  )
  const { calls } = await runHistories({
    processes: { A: viaHttp(() => stays), B: viaHttp(() => killed) },
    seed: 1,
    concurrency: 8,
    goesOn,
    mayFail: true,
    asksAgain: true,
  })
  await (await killed).stop()
  expect(calls).toBeGreaterThan(50)
})

it('kill -9 of PostgreSQL and a restart: every call is answered, rightly, and nothing is lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'identity-faults-'))
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  // Run by root, PostgreSQL is another user, who must be able to enter.
  chmodSync(folder, 0o755)
  const dataDir = join(folder, 'data')
  let postgres: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir })
  cleanup.defer(() => postgres.stop())
  const { url } = postgres
  const env = { DATABASE_URL: url, REQUEST_TIMEOUT_MS: '60000' }
  await using a = await startServer(env)
  await using b = await startServer(env)
  const { goesOn } = duringFaults(
    async () => {
      process.kill(postmasterPid(dataDir)!, 'SIGKILL')
      await postgres.died
      await postgres.stop()
      postgres = await startEmbeddedPostgres({ dataDir })
      expect(postgres.url).toBe(url)
    },
    KILLS,
    20,
  )
  await runHistories({
    processes: { A: viaHttp(() => a), B: viaHttp(() => b) },
    seed: 1,
    goesOn,
    concurrency: 8,
    asksAgain: true,
  })
})
