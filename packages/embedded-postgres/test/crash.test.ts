import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { launch } from './support/launcher.ts'
import { isInitdbAtWork, isRunning, postmasterPid } from './support/processes.ts'
import { leaveMark, readMark } from './support/sql.ts'
import { temporaryFolder } from './support/temporary-folder.ts'
import { until } from './support/until.ts'
import { users } from './support/users.ts'

describe.each(users)('as $name', ({ user }) => {
  it('stops the PostgreSQL that a killed process left running', async () => {
    await using folder = temporaryFolder({ user })
    await using killed = launch(folder.dataDir, { user })
    await leaveMark(await killed.url)
    const orphan = postmasterPid(folder.dataDir)!
    await killed.stop('SIGKILL')
    expect(isRunning(orphan)).toBe(true)

    await using next = launch(folder.dataDir, { user })
    expect(await readMark(await next.url)).toBe(42)
    expect(isRunning(orphan)).toBe(false)
    expect(await next.url).toBe(await killed.url)
  })

  it('starts after both were killed at once', async () => {
    await using folder = temporaryFolder({ user })
    await using killed = launch(folder.dataDir, { user })
    await leaveMark(await killed.url)
    process.kill(postmasterPid(folder.dataDir)!, 'SIGKILL')
    await killed.stop('SIGKILL')
    expect(postmasterPid(folder.dataDir)).toBeDefined()

    await using next = launch(folder.dataDir, { user })
    expect(await readMark(await next.url)).toBe(42)
  })

  it('lets an unrelated program live whose pid is in a stale postmaster.pid', async () => {
    await using folder = temporaryFolder({ user })
    await using first = launch(folder.dataDir, { user })
    await leaveMark(await first.url)
    const pidFile = join(folder.dataDir, 'postgres', 'data', 'postmaster.pid')
    const [, ...otherLines] = readFileSync(pidFile, 'utf8').split('\n')
    await first.stop()
    // It even names the folder, as a backup or an editor would.
    const unrelated = spawn('sh', ['-c', 'read line', join(folder.dataDir, 'postgres', 'data')], { ...user })
    try {
      writeFileSync(pidFile, [unrelated.pid, ...otherLines].join('\n'))
      await using next = launch(folder.dataDir, { user })
      expect(await readMark(await next.url)).toBe(42)
      expect(unrelated.exitCode ?? unrelated.signalCode).toBeNull()
      expect(isRunning(unrelated.pid!)).toBe(true)
    } finally {
      unrelated.kill()
    }
  })

  it('clears up after an initdb that was cut short', async () => {
    // For root, the harder case: its home lies elsewhere.
    await using folder = temporaryFolder({ user, mode: 0o700 })
    const home = join(folder.dataDir, 'postgres')
    await using killed = launch(folder.dataDir, { user })
    await until('initdb is at work', () => isInitdbAtWork(folder.dataDir))
    await killed.stop('SIGKILL')
    expect(existsSync(join(home, 'data'))).toBe(false)

    await using next = launch(folder.dataDir, { user })
    await leaveMark(await next.url)
    expect(readdirSync(folder.dataDir).sort()).toEqual(['database-url', 'postgres', 'server.lock'])
    expect(readdirSync(home).sort()).toEqual(['data', 'password'])
  })
})
