import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EmbeddedPostgresFailure } from './failure.ts'

const STOP_TIMEOUT_MS = 15_000
const POLL_MS = 25

/**
 * Stops the PostgreSQL that a killed server left running on the folder. To be called by the holder of the data folder's
 * lock only: nobody else can be using it then.
 */
export async function stopOrphan(clusterFolder: string): Promise<void> {
  const pidFile = join(clusterFolder, 'postmaster.pid')
  const pid = Number(textOf(pidFile).split('\n', 1)[0])
  if (isPostmasterOf(pid, clusterFolder)) askToStop(pid)
  const deadlineMs = Date.now() + STOP_TIMEOUT_MS
  while (isPostmasterOf(pid, clusterFolder)) {
    if (Date.now() > deadlineMs) {
      throw new EmbeddedPostgresFailure(
        `the PostgreSQL of an earlier start (pid ${pid}) does not stop; stop it with kill -QUIT ${pid}`,
      )
    }
    await delay(POLL_MS)
  }
  // PostgreSQL would take a zombie, or any program of the same user's with this pid, for itself. What of an old
  // PostgreSQL lives on without its postmaster it knows without the file: by the shared memory.
  rmSync(pidFile, { force: true })
}

/** Not so for a zombie, which has no command line, nor for a program that has been given the pid since. */
function isPostmasterOf(pid: number, clusterFolder: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  return commandLine(pid).includes(`/postgres -D ${clusterFolder} -c `)
}

function commandLine(pid: number): string {
  if (existsSync('/proc/self')) return textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
  return spawnSync('ps', ['-ww', '-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function askToStop(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch (error) {
    // It was stopping already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
