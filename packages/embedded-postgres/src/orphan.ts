import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const STOP_TIMEOUT_MS = 15_000
const POLL_MS = 25

/**
 * Stops the PostgreSQL that a killed server left running on the folder. To be called by the holder of the data folder's
 * lock only: nobody else can be using it then.
 * @returns the pid of what was stopped, or null
 */
export async function stopOrphan(clusterFolder: string): Promise<number | null> {
  const pidFile = join(clusterFolder, 'postmaster.pid')
  if (!existsSync(pidFile)) return null
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0])
  // A zombie has no command line, and a pid that was given to another program has a different one.
  if (!isPostmasterOf(pid, clusterFolder)) return null
  process.kill(pid, 'SIGINT')
  const deadlineMs = Date.now() + STOP_TIMEOUT_MS
  while (isPostmasterOf(pid, clusterFolder)) {
    if (Date.now() > deadlineMs)
      throw new Error(`PostgreSQL (pid ${pid}) did not stop; stop it by hand and start again.`)
    await delay(POLL_MS)
  }
  return pid
}

function isPostmasterOf(pid: number, clusterFolder: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  return commandLine(pid).includes(realpathSync(clusterFolder))
}

function commandLine(pid: number): string {
  if (!existsSync('/proc/self'))
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
