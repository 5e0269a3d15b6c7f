import { parseArgs } from 'node:util'
import { type Choice, SCENARIOS } from './scenarios.ts'

const names = (large: boolean) =>
  SCENARIOS.filter((scenario) => Boolean(scenario.large) === large).map(({ name }) => name)

const NAMES_A_LINE = 6

export const USAGE = `Usage: npm run bench -- [options]
  --scenario NAME     measures this one; may be repeated; by default all that have a target, but for the large
  --all               all but the large
  --large             the large
  --rounds 3          runs a contestant and scenario; the contestants take turns
  --seconds 5         how long one run lasts
  --connections N     connections of the load generator, for every scenario instead of its own
  --customers N       customers known before the first run, likewise
  --generator NAME    wrk or autocannon; by default wrk where it is installed
  --cpu-profile DIR   writes a CPU profile of each service to DIR

Scenarios:
${inLines(names(false))}
Large, with 10,000,000 contacts:
${inLines(names(true))}`

export interface Options extends Choice {
  /** Of one run. */
  seconds: number
  rounds: number
  /** Instead of the scenario's. */
  connections: number | undefined
  /** Instead of the scenario's. */
  customers: number | undefined
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
  for (const name of values.scenario) {
    if (!SCENARIOS.some((scenario) => scenario.name === name)) throw new UsageError(`There is no scenario ${name}.`)
  }
  const { connections, customers } = values
  return {
    scenarios: values.scenario,
    all: values.all,
    large: values.large,
    seconds: wholeNumber('seconds', values.seconds, 3_600),
    rounds: wholeNumber('rounds', values.rounds, 100),
    connections: connections === undefined ? undefined : wholeNumber('connections', connections, 10_000),
    customers: customers === undefined ? undefined : wholeNumber('customers', customers, 10_000_000),
    generator: values.generator,
    cpuProfile: values['cpu-profile'],
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        scenario: { type: 'string', multiple: true, default: [] },
        all: { type: 'boolean', default: false },
        large: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '5' },
        connections: { type: 'string' },
        customers: { type: 'string' },
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

function inLines(list: readonly string[]): string {
  const lines = []
  for (let n = 0; n < list.length; n += NAMES_A_LINE) lines.push(`  ${list.slice(n, n + NAMES_A_LINE).join(', ')}`)
  return lines.join(',\n')
}
