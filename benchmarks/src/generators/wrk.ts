import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Load, type LoadGenerator, type LoadResult, PATHS, TIMEOUT_S } from '../load.ts'

const SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url))

/** wrk, where it is on the PATH; else null. */
export function findWrk(): LoadGenerator | null {
  const { stdout, error } = spawnSync('wrk', ['-v'], { encoding: 'utf8' })
  const version = error ? undefined : /^wrk (?:\w+\/)?(\d[\d.]*)/.exec(stdout)?.[1]
  return version ? { name: `wrk ${version}`, run } : null
}

async function run(load: Load, signal: AbortSignal): Promise<LoadResult> {
  const { repeats, hot, additions, merges } = load.shares
  // One thread, so one stream of requests. It makes more of them than a server on one thread can answer.
  const how = ['-t', '1', '-c', load.connections, '-d', `${load.seconds}s`, '--timeout', `${TIMEOUT_S}s`]
  const what = [PATHS[load.transport], repeats, hot, additions, merges, load.customers, load.lag, load.run]
  const args = [...how, '-s', SCRIPT, load.url, '--', ...what].map(String)
  const { stdout } = await promisify(execFile)('wrk', args, { signal })
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as LoadResult
}
