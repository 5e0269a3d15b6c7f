import type { Contestant, ContestantName } from './contestants.ts'
import type { BenchmarkDatabase } from './database.ts'
import type { LoadGenerator, LoadResult } from './load.ts'
import type { Options } from './options.ts'
import { refuseFailures, refuseOtherWork } from './refusal.ts'
import type { Workload } from './workloads.ts'

const WARM_UP_SECONDS = 1

/** What one run came to. */
export interface Run extends LoadResult {
  workload: string
  /** Counted from 1; 0 is the warm-up. */
  round: number
  contestant: ContestantName
  requestsPerS: number
}

/** How messages name a run. */
export function labelOf({ workload, round, contestant }: Pick<Run, 'workload' | 'round' | 'contestant'>): string {
  return `${workload}, ${round === 0 ? 'warm-up' : `round ${round}`}, ${contestant}`
}

export interface Bench {
  generator: LoadGenerator
  contestants: readonly Contestant[]
  database: BenchmarkDatabase
  options: Options
  signal: AbortSignal
  /** Called after each run. */
  onRun: (run: Run) => void
}

/**
 * Measures a workload in rounds. The contestants take turns within each, so that what the machine does besides falls on
 * all of them; a round's requests are the same for all.
 * @param firstRunNumber of the warm-up; the rounds take the next ones
 * @throws Refusal as soon as a run went wrong
 */
export async function measure(bench: Bench, workload: Workload, firstRunNumber: number): Promise<Run[]> {
  const runs: Run[] = []
  for (let round = 0; round <= bench.options.rounds; round++) {
    for (const contestant of bench.contestants) {
      const run = await runOnce(bench, workload, contestant, round, firstRunNumber + round)
      bench.onRun(run)
      if (round > 0) runs.push(run)
    }
  }
  return runs
}

async function runOnce(
  { generator, database, options, signal }: Bench,
  workload: Workload,
  contestant: Contestant,
  round: number,
  runNumber: number,
): Promise<Run> {
  const { connections, customers } = options
  const seconds = round === 0 ? WARM_UP_SECONDS : options.seconds
  const before = await database.countContacts()
  const load = { url: contestant.url, connections, seconds, customers, shares: workload.shares, run: runNumber }
  const result = await generator.run(load, signal)
  const label = labelOf({ workload: workload.name, round, contestant: contestant.name })
  refuseFailures(label, result, contestant.output())
  if (contestant.name === 'service') {
    const addedContacts = (await database.countContacts()) - before
    refuseOtherWork(label, workload, { requestCount: result.requestCount, addedContacts, unanswered: connections })
  }
  const requestsPerS = result.requestCount / result.durationS
  return { workload: workload.name, round, contestant: contestant.name, requestsPerS, ...result }
}
