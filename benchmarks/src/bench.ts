import { type Contestant, startBare, startService } from './contestants.ts'
import { startDatabase } from './database.ts'
import { chooseLoadGenerator } from './load-generator.ts'
import { thisMachine } from './machine.ts'
import { labelOf, measure, type Run } from './measure.ts'
import type { Options } from './options.ts'
import type { Results } from './results-file.ts'
import { seedCustomers } from './seed-customers.ts'
import { type Summary, summarize } from './summary.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { WORKLOADS } from './workloads.ts'

/**
 * Starts a database and both servers, measures every workload, and stops them again, whatever happens.
 * @param report takes lines that tell how far it has come
 * @throws Refusal where a run went wrong
 */
export async function bench(options: Options, signal: AbortSignal, report: (line: string) => void): Promise<Results> {
  const generator = chooseLoadGenerator(options.generator)
  using folder = temporaryFolder()
  await using database = await startDatabase(folder.path)
  signal.throwIfAborted()
  await using service = await startService(database.url, options.cpuProfile)
  signal.throwIfAborted()
  report(`seeding ${options.customers} customers`)
  await using bare = await startBare(await seedCustomers(service, options.customers, signal))
  signal.throwIfAborted()

  const contestants: Contestant[] = [service, bare]
  const onRun = (run: Run) => report(`${labelOf(run)}: ${Math.round(run.requestsPerS).toLocaleString('en')} requests/s`)
  const setup = { generator, contestants, database, options, signal, onRun }
  const runs: Run[] = []
  const summaries: Summary[] = []
  let runNumber = 1
  for (const workload of WORKLOADS.filter(({ name }) => options.workloads.includes(name))) {
    const measured = await measure(setup, workload, runNumber)
    runNumber += options.rounds + 1
    runs.push(...measured)
    summaries.push(summarize(workload.name, measured))
  }
  return {
    measuredAt: new Date().toISOString(),
    machine: thisMachine(),
    postgres: database.version,
    generator: generator.name,
    options,
    summaries,
    runs,
  }
}
