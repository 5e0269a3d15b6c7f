import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** True while the process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  return !['', 'Z'].includes(ps(pid, 'stat').slice(0, 1))
}

/** The user that a process runs as. */
export function uidOf(pid: number): number {
  return Number(ps(pid, 'uid'))
}

/** The pid in a data folder's postmaster.pid; undefined where there is none. */
export function postmasterPid(dataDir: string): number | undefined {
  try {
    return Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n', 1)[0])
  } catch {
    return undefined
  }
}

/** True when initdb has begun to write to a data folder, and has not finished. */
export function isInitdbAtWork(dataDir: string): boolean {
  return globSync(join(dataDir, 'postgres', 'unfinished-*', 'data', 'pg_wal')).length > 0
}

/** True when the process is a PostgreSQL that keeps its data in the folder. */
export function isPostgresOf(pid: number, clusterFolder: string): boolean {
  return ps(pid, 'command').includes(`/postgres -D ${clusterFolder} `)
}

function ps(pid: number, field: string): string {
  return spawnSync('ps', ['-ww', '-p', String(pid), '-o', `${field}=`], { encoding: 'utf8' }).stdout.trim()
}
