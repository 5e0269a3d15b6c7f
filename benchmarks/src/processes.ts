import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/*
 * What Linux tells of processes. Elsewhere there is no `/proc`, and every answer is null.
 */

const hasProc = process.platform === 'linux'
const ticksPerS = hasProc ? Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) : 1

/** A process's fields of `/proc/…/stat` from the third on: the second may hold spaces. */
function statOf(pid: number | string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    // It has ended meanwhile.
    return null
  }
}

const PARENT = 1
const OWN_TICKS = [11, 12]
const ENDED_CHILDREN_TICKS = [13, 14]

const seconds = (stat: string[], fields: number[]) =>
  fields.reduce((sum, field) => sum + Number(stat[field]), 0) / ticksPerS

/** CPU time that a process has taken, seconds. */
export function cpuOf(pid: number): number | null {
  const stat = hasProc ? statOf(pid) : null
  return stat && seconds(stat, OWN_TICKS)
}

/** CPU time that a process and its children have taken, those included that have ended. */
export function cpuOfFamily(pid: number): number | null {
  const parent = hasProc ? statOf(pid) : null
  if (!parent) return null
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.[PARENT] === String(pid))
  return children.reduce(
    (sum, stat) => sum + seconds(stat!, OWN_TICKS),
    seconds(parent, [...OWN_TICKS, ...ENDED_CHILDREN_TICKS]),
  )
}

/** CPU time of the children of this process that have ended, as load generators do. */
export function cpuOfEndedChildren(): number | null {
  const stat = hasProc ? statOf('self') : null
  return stat && seconds(stat, ENDED_CHILDREN_TICKS)
}

/** The most memory that a process has had since it began, MB (10⁶ bytes). */
export function peakMemoryMb(pid: number): number | null {
  if (!hasProc) return null
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return kib === undefined ? null : (Number(kib) * 1024) / 1e6
}
