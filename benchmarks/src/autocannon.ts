import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { LoadGenerator, LoadResult } from './load.ts'

const MAIN = fileURLToPath(new URL('autocannon-main.ts', import.meta.url))

/** autocannon: on every machine, but slower than wrk; where it is the bottleneck, ratios come out too high. */
export function autocannonGenerator(): LoadGenerator {
  const { version } = createRequire(import.meta.url)('autocannon/package.json') as { version: string }
  return {
    name: `autocannon ${version}`,
    async run(load, signal) {
      const { stdout } = await promisify(execFile)(process.execPath, [MAIN, JSON.stringify(load)], { signal })
      return JSON.parse(stdout) as LoadResult
    },
  }
}
