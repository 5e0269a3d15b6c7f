import { parseArgs } from 'node:util'
import { WORKLOADS } from './workloads.ts'

export const USAGE = `Usage: npm run bench -- [options]
  --connections 64    connections of the load generator
  --seconds 5         how long one run lasts
  --rounds 3          runs a server and workload; the servers take turns
  --customers 10000   customers known before the first run
  --workload NAME     one of ${WORKLOADS.map(({ name }) => name).join(', ')}; may be repeated; all by default
  --generator NAME    wrk or autocannon; by default wrk where it is installed
  --cpu-profile DIR   writes a CPU profile of the service to DIR`

export interface Options {
  connections: number
  /** Of one run. */
  seconds: number
  rounds: number
  customers: number
  workloads: string[]
  generator: string | undefined
  /** A folder. */
  cpuProfile: string | undefined
}

/** The options are wrong, or ask for what this machine lacks; the message says what to do. */
export class UsageError extends Error {}

/**
 * The options of a command line; null where it asks for help.
 * @throws UsageError where one is unknown or out of range
 */
export function readOptions(args: string[]): Options | null {
  const values = parse(args)
  if (values.help) return null
  const workloads = values.workload ?? WORKLOADS.map(({ name }) => name)
  for (const name of workloads) {
    if (!WORKLOADS.some((workload) => workload.name === name)) throw new UsageError(`There is no workload ${name}.`)
  }
  return {
    connections: wholeNumber('connections', values.connections, 10_000),
    seconds: wholeNumber('seconds', values.seconds, 3_600),
    rounds: wholeNumber('rounds', values.rounds, 1_000),
    customers: wholeNumber('customers', values.customers, 10_000_000),
    workloads,
    generator: values.generator,
    cpuProfile: values['cpu-profile'],
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        connections: { type: 'string', default: '64' },
        seconds: { type: 'string', default: '5' },
        rounds: { type: 'string', default: '3' },
        customers: { type: 'string', default: '10000' },
        workload: { type: 'string', multiple: true },
        generator: { type: 'string' },
        'cpu-profile': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= max) return number
  throw new UsageError(`--${name} must be a whole number from 1 to ${max}; found ${JSON.stringify(text)}.`)
}
