import { autocannonGenerator } from './generators/node-generator.ts'
import { findWrk } from './generators/wrk.ts'
import type { LoadGenerator } from './load.ts'
import { UsageError } from './options.ts'

/**
 * The load generator of that name; without one, wrk where it is installed, else autocannon.
 * @throws UsageError where there is none of that name
 */
export function chooseLoadGenerator(name: string | undefined): LoadGenerator {
  if (name === 'autocannon') return autocannonGenerator()
  if (name !== undefined && name !== 'wrk') throw new UsageError(`There is no load generator ${name}.`)
  const wrk = findWrk()
  if (wrk) return wrk
  if (name) throw new UsageError('wrk is not on the PATH. Install it, or leave --generator out.')
  return autocannonGenerator()
}
