import { fork } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DataDirInUse, startEmbeddedPostgres } from '../src/index.ts'
import { launch } from './support/launcher.ts'
import { isRunning, postmasterPid } from './support/processes.ts'
import { leaveMark, readMark } from './support/sql.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

it('refuses a folder that another process uses, and leaves that process alone', async () => {
  await using folder = temporaryFolder()
  await using holder = launch(folder.dataDir)
  await leaveMark(await holder.url)
  const pid = postmasterPid(folder.dataDir)!
  await expect(startEmbeddedPostgres({ dataDir: folder.dataDir })).rejects.toThrow(DataDirInUse)
  symlinkSync(folder.dataDir, join(folder.path, 'by-another-name'))
  const byAnotherName = { dataDir: join(folder.path, 'by-another-name') }
  await expect(startEmbeddedPostgres(byAnotherName)).rejects.toThrow(DataDirInUse)
  expect(isRunning(pid)).toBe(true)
  expect(await readMark(await holder.url)).toBe(42)
})

it('refuses it within one process, too, until that has stopped', async () => {
  await using folder = temporaryFolder()
  const first = await startEmbeddedPostgres({ dataDir: folder.dataDir })
  await expect(startEmbeddedPostgres({ dataDir: folder.dataDir })).rejects.toThrow(DataDirInUse)
  await first.stop()
  const second = await startEmbeddedPostgres({ dataDir: folder.dataDir })
  await second.stop()
})

it('lets exactly one have it of many that start at the same instant', async () => {
  await using folder = temporaryFolder()
  await using launchers = new AsyncDisposableStack()
  const all = Array.from({ length: 4 }, () => launchers.use(launch(folder.dataDir)))
  const starts = await Promise.allSettled(all.map(({ url }) => url))
  expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const start of starts) if (start.status === 'rejected') expect(String(start.reason)).toContain('DataDirInUse')
})

it('has exactly one winner in every race of two for the lock', async () => {
  await using folder = temporaryFolder()
  const racers = [1, 2].map(() => fork(join(import.meta.dirname, 'support', 'lock-racer.ts'), [folder.path]))
  try {
    await Promise.all(racers.map((racer) => once(racer, 'message')))
    for (let round = 0; round < 60; round++) {
      const startMs = Date.now() + 5
      const results = racers.map(async (racer) => {
        racer.send(startMs)
        const [hasWon] = await once(racer, 'message')
        return hasWon
      })
      expect((await Promise.all(results)).toSorted()).toEqual([false, true])
      const released = racers.map((racer) => once(racer, 'message'))
      for (const racer of racers) racer.send('release')
      await Promise.all(released)
    }
  } finally {
    for (const racer of racers) racer.kill('SIGKILL')
  }
})
