import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isExecutable } from './executable.ts'

const IN_MEMORY = '/dev/shm'
const GIB = 1024 ** 3
/** A run takes 0.4 GiB at its peak. */
const ENOUGH_BYTES = 4 * GIB

/**
 * The folder for what tests write and throw away: in memory where there is plenty of it, else the system's. Clusters and
 * databases come and go by the hundred, each some hundred files, and some disks are slow at that.
 */
export function temporaryRoot(): string {
  return process.env.TMPDIR ?? (isUsable(IN_MEMORY) ? IN_MEMORY : tmpdir())
}

function isUsable(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return Math.min(bavail * bsize, process.availableMemory()) > ENOUGH_BYTES && runsPrograms(folder)
  } catch {
    return false
  }
}

/** In containers, memory is often mounted noexec; some tests copy programs. */
function runsPrograms(folder: string): boolean {
  const trial = mkdtempSync(join(folder, 'identity-'))
  const program = join(trial, 'program')
  writeFileSync(program, '', { mode: 0o755 })
  const isOne = isExecutable(program)
  rmSync(trial, { recursive: true })
  return isOne
}
