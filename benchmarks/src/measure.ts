import { setTimeout as delay } from 'node:timers/promises'
import type { Contestant, Surroundings } from './contestant.ts'
import { type CorrectionTimes, correctOverAndOver, type Pair, seedPairs, sentenceOf } from './corrections.ts'
import { PACED } from './generators/node-generator.ts'
import type { Load, LoadGenerator, LoadResult } from './load.ts'
import { cpuOf, cpuOfEndedChildren, cpuOfFamily, peakMemoryMb } from './processes.ts'
import { refuseFailures, refuseOtherWork } from './refusal.ts'
import type { Scenario } from './scenarios.ts'
import { WORKLOADS } from './workloads.ts'

/** Or as long as a run, where that is less. */
const WARM_UP_SECONDS = 2
/** So long the hot person's requests begin before the others and end after them. */
const MARGIN_SECONDS = 1

/** What a run took of the machine. Null where it cannot be told. */
export interface Usage {
  serverCpuS: number | null
  postgresCpuS: number | null
  generatorCpuS: number | null
  /** Since the server's start. */
  serverPeakMemoryMb: number | null
  loopDelayP99Ms: number | null
  databaseRoundTrips: number | null
  /** Counted in the warm-up only, as it costs time. */
  statements: number | null
  rowsWritten: number | null
}

/** What one run came to. */
export interface Run extends LoadResult {
  scenario: string
  contestant: string
  /** Counted from 1; 0 is the warm-up. */
  round: number
  requestsPerS: number
  /** What was asked for, in a run at a pace. */
  ratePerS?: number
  usage: Usage
  /** Of persons that were corrected meanwhile. */
  corrections?: CorrectionTimes
}

export interface Bench extends Surroundings {
  /** Different in every run that shares a database with another. */
  nextRunNumber: () => number
  /** Called after each run. */
  onRun: (run: Run) => void
}

/** How messages name a run. */
export function labelOf({ scenario, round, contestant }: Pick<Run, 'scenario' | 'round' | 'contestant'>): string {
  return `${scenario}, ${round === 0 ? 'warm-up' : `round ${round}`}, ${contestant}`
}

/**
 * Measures a scenario in rounds. The contestants take turns within each, so that what the machine does besides falls on
 * all of them; a round's requests are the same for all.
 * @throws Refusal as soon as a run went wrong
 */
export async function measure(bench: Bench, scenario: Scenario, contestants: readonly Contestant[]): Promise<Run[]> {
  const runs: Run[] = []
  for (let round = 0; round <= bench.options.rounds; round++) {
    const runNumber = bench.nextRunNumber()
    await bench.cluster.setCounting(round === 0)
    for (const contestant of contestants) {
      const run = await runOnce(bench, scenario, contestant, contestant.generator, { round, runNumber })
      bench.onRun(run)
      runs.push(run)
    }
  }
  return runs
}

/** One run of a server at a pace. */
export async function measureAtPace(bench: Bench, scenario: Scenario, contestant: Contestant, ratePerS: number) {
  const round = bench.options.rounds + 1
  const runNumber = bench.nextRunNumber()
  const run = await runOnce(bench, scenario, contestant, PACED, { round, runNumber, ratePerS })
  bench.onRun(run)
  return run
}

async function runOnce(
  bench: Bench,
  scenario: Scenario,
  contestant: Contestant,
  generator: LoadGenerator,
  { round, runNumber, ratePerS }: { round: number; runNumber: number; ratePerS?: number },
): Promise<Run> {
  const { options, signal } = bench
  const { database, server, customers, plan } = contestant
  const connections = options.connections ?? scenario.connections
  const load: Load = {
    url: contestant.url,
    transport: scenario.transport ?? 'http',
    connections,
    seconds: round === 0 ? Math.min(WARM_UP_SECONDS, options.seconds) : options.seconds,
    customers,
    shares: WORKLOADS[scenario.workload],
    // Twice as many as can be under way.
    lag: 2 * connections,
    run: runNumber,
    ...(ratePerS && { ratePerS }),
  }
  const label = labelOf({ scenario: scenario.name, round, contestant: plan.name })
  const pairs = plan.correctedContacts
    ? await seedPairs(database!.url, runNumber, plan.correctedContacts, load.seconds + 2 * MARGIN_SECONDS)
    : []
  const lastContactId = await database?.lastContactId()
  const meter = await startMeter(bench, contestant)
  const run = () => generator.run(load, signal)
  const { corrections, ...result } = plan.correctedContacts
    ? await besideCorrections(contestant, pairs, run)
    : await besideHotPerson(bench, contestant, load, run, label)
  if (corrections) bench.report(`${label}: ${sentenceOf(corrections)}`)
  const usage = await meter(round === 0)
  refuseFailures(label, result, server?.output() ?? '')
  if (database) {
    const addedContacts = await database.countContactsAfter(lastContactId!)
    const requestCount = result.totalRequestCount ?? result.requestCount
    refuseOtherWork(label, scenario.workload, { requestCount, addedContacts, unanswered: connections })
  }
  const requestsPerS = result.requestCount / result.durationS
  return {
    scenario: scenario.name,
    contestant: plan.name,
    round,
    requestsPerS,
    ...(ratePerS && { ratePerS }),
    ...result,
    usage,
    ...(corrections && { corrections }),
  }
}

/** Runs a load while the hot person's requests come from other connections, if the contestant's plan has any. */
async function besideHotPerson(
  { generator, signal }: Bench,
  { plan, server }: Contestant,
  load: Load,
  run: () => Promise<LoadResult>,
  label: string,
): Promise<LoadResult & Pick<Run, 'corrections'>> {
  if (!plan.hotConnections) return run()
  const seconds = load.seconds + 2 * MARGIN_SECONDS
  const hotLoad = { ...load, shares: WORKLOADS.hot, connections: plan.hotConnections, seconds }
  const hotRun = generator.run(hotLoad, signal)
  const [hotResult, result] = await Promise.all([hotRun, delay(MARGIN_SECONDS * 1000).then(run)])
  refuseFailures(`${label}, the hot person`, hotResult, server?.output() ?? '')
  return result
}

/** Runs a load while persons of many contacts are corrected. @throws Refusal where that fails */
async function besideCorrections(
  { url }: Contestant,
  pairs: readonly Pair[],
  run: () => Promise<LoadResult>,
): Promise<LoadResult & Pick<Run, 'corrections'>> {
  const stopping = new AbortController()
  const corrected = correctOverAndOver(url, pairs, stopping.signal)
  corrected.catch(() => {})
  await delay(MARGIN_SECONDS * 1000)
  const result = await run().finally(() => stopping.abort())
  return { ...result, corrections: await corrected }
}

/** @returns the function that ends the measuring */
async function startMeter({ cluster }: Bench, { server, database }: Contestant) {
  await server?.askProbe()
  await database?.takeStatementCounts()
  const cpuNow = () => ({
    server: server ? cpuOf(server.pid) : null,
    postgres: database ? cpuOfFamily(cluster.pid) : null,
    generator: cpuOfEndedChildren(),
  })
  const before = cpuNow()
  return async (isCounted: boolean): Promise<Usage> => {
    const after = cpuNow()
    const taken = (name: 'server' | 'postgres' | 'generator') =>
      after[name] === null || before[name] === null ? null : after[name] - before[name]
    const probe = await server?.askProbe()
    const counts = isCounted ? await database?.takeStatementCounts() : undefined
    return {
      serverCpuS: taken('server'),
      postgresCpuS: taken('postgres'),
      generatorCpuS: taken('generator'),
      serverPeakMemoryMb: server ? peakMemoryMb(server.pid) : null,
      loopDelayP99Ms: probe?.loopDelayP99Ms ?? null,
      databaseRoundTrips: database && probe ? probe.databaseRoundTrips : null,
      statements: counts?.statements ?? null,
      rowsWritten: counts?.rowsWritten ?? null,
    }
  }
}
