import { relative } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { bench } from './bench.ts'
import { interruption } from './interruption.ts'
import { readOptions, USAGE, UsageError } from './options.ts'
import { Refusal } from './refusal.ts'
import { type Results, writeResults } from './results-file.ts'
import { costTable, speedTable, targetTable } from './table.ts'

/** What a shell reports for a process that Ctrl-C ended. */
const INTERRUPTED = 130

const signal = interruption()

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (!options) {
    console.log(USAGE)
    return
  }
  const results = await bench(options, signal, (line) => console.error(line))
  const tables = [speedTable, costTable, targetTable].map((table) => table(results.summaries))
  console.log(`\n${[conditionsOf(results), ...tables].join('\n\n')}\n`)
  console.log(`Every run is in ${relative(process.cwd(), writeResults(results))}.`)
}

function conditionsOf({ generator, options, machine, postgres }: Results): string {
  return [
    `${generator}, ${options.rounds} rounds of ${options.seconds} s, connections in parentheses;`,
    'load generator, servers and PostgreSQL on one machine:',
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGib} GiB, ${machine.platform},`,
    `Node.js ${machine.node}, PostgreSQL ${postgres} with fsync.`,
  ].join('\n')
}

async function exitCodeOf(error: unknown): Promise<number> {
  // A signal that came while a child process ran synchronously is heard of in the next turn.
  await setImmediate()
  if (signal.aborted) {
    console.error('Interrupted; everything is stopped.')
    return INTERRUPTED
  }
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`)
  else console.error(error instanceof Refusal ? error.message : error)
  return 1
}

// Not left to an empty event loop: idle HTTP connections would keep it alive for seconds.
process.exit(await main().then(() => 0, exitCodeOf))
