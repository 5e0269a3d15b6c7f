import { startContestants } from './contestant.ts'
import { startCluster } from './database.ts'
import { chooseLoadGenerator } from './load-generator.ts'
import { thisMachine } from './machine.ts'
import { type Bench, labelOf, measure, measureAtPace, type Run } from './measure.ts'
import type { Options } from './options.ts'
import type { Results } from './results-file.ts'
import { chooseScenarios, type Scenario } from './scenarios.ts'
import { Seeds } from './seed.ts'
import { spreadOf } from './statistics.ts'
import { summarize } from './summary.ts'
import { temporaryFolder } from './temporary-folder.ts'

/**
 * Starts a database, measures one scenario after another, and stops everything again, whatever happens.
 * @param report takes lines that tell how far it has come
 * @throws Refusal where a run went wrong
 */
export async function bench(options: Options, signal: AbortSignal, report: (line: string) => void): Promise<Results> {
  const generator = chooseLoadGenerator(options.generator)
  using folder = temporaryFolder()
  await using cluster = await startCluster(folder.path)
  let runNumber = 1
  const setup: Bench = {
    cluster,
    seeds: new Seeds(cluster),
    generator,
    options,
    signal,
    report,
    nextRunNumber: () => runNumber++,
    onRun: (run) => report(`${labelOf(run)}: ${Math.round(run.requestsPerS).toLocaleString('en')} requests/s`),
  }
  const runs: Run[] = []
  const summaries = []
  for (const scenario of chooseScenarios(options)) {
    const measured = await measureScenario(setup, scenario)
    runs.push(...measured)
    summaries.push(summarize(scenario, options.connections ?? scenario.connections, measured))
  }
  return {
    measuredAt: new Date().toISOString(),
    machine: thisMachine(),
    postgres: cluster.version,
    generator: generator.name,
    options,
    summaries,
    runs,
  }
}

async function measureScenario(bench: Bench, scenario: Scenario): Promise<Run[]> {
  await using started = await startContestants(scenario, bench)
  const [first] = started.contestants
  const runs = await measure(bench, scenario, started.contestants)
  if (!scenario.halfLoad || !first) return runs
  const own = runs.filter((run) => run.round > 0 && run.contestant === first.plan.name)
  const peak = spreadOf(own.map((run) => run.requestsPerS)).median
  return [...runs, await measureAtPace(bench, scenario, first, peak / 2)]
}
