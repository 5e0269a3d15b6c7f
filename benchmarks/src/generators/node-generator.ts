import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { LoadGenerator, LoadResult } from '../load.ts'

/** A program of this folder as a load generator: the load comes as JSON in its first argument, the result goes to stdout. */
function nodeGenerator(name: string, main: string): LoadGenerator {
  const file = fileURLToPath(new URL(main, import.meta.url))
  return {
    name,
    async run(load, signal) {
      const args = ['--conditions=@identity/source', file, JSON.stringify(load)]
      const { stdout } = await promisify(execFile)(process.execPath, args, { signal })
      return JSON.parse(stdout) as LoadResult
    },
  }
}

/** autocannon: on every machine, but slower than wrk; where it is the bottleneck, ratios come out too high. */
export function autocannonGenerator(): LoadGenerator {
  const { version } = createRequire(import.meta.url)('autocannon/package.json') as { version: string }
  return nodeGenerator(`autocannon ${version}`, 'autocannon-main.ts')
}

/** Sends at a pace, whatever becomes of the answers. */
export const PACED = nodeGenerator('paced', 'paced-main.ts')

/** Calls the engine on its database without HTTP. */
export const ENGINE = nodeGenerator('engine', 'engine-main.ts')

/** Looks known customers up in the database, one statement at a time on a connection. */
export const ROUND_TRIP = nodeGenerator('round trip', 'round-trip-main.ts')
