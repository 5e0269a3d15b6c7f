import type { Run, Usage } from './measure.ts'
import type { Scenario } from './scenarios.ts'
import { type Spread, spreadOf } from './statistics.ts'
import { isMet, type Target } from './target.ts'

/** What the rounds of one scenario come to. */
export interface Summary {
  scenario: string
  connections: number
  contestants: ContestantSummary[]
  target?: { target: Target; figure: Spread; isMet: boolean }
}

export interface ContestantSummary {
  name: string
  requestsPerS: Spread
  p50Ms: Spread
  p99Ms: Spread
  /** Its requests/s as a part of the last contestant's in the same round; none for that one. */
  ratio?: Spread
  halfLoad?: { requestsPerS: number; p50Ms: number; p99Ms: number }
  peakMemoryMb: Spread | null
  loopDelayP99Ms: Spread | null
  /** CPU milliseconds a request. */
  serverCpuMs: Spread | null
  postgresCpuMs: Spread | null
  generatorCpuMs: Spread | null
  /** A request. */
  roundTrips: Spread | null
  statements: Spread | null
  rowsWritten: Spread | null
}

/** @param runs of every round, warm-up included, and those at half load */
export function summarize({ name, contestants, target }: Scenario, connections: number, runs: readonly Run[]): Summary {
  const warmUps = runs.filter(({ round }) => round === 0)
  const paced = runs.filter(({ ratePerS }) => ratePerS !== undefined)
  const rounds = runs.filter((run) => !warmUps.includes(run) && !paced.includes(run))
  const last = contestants.at(-1)!.name
  const summaries = contestants.map((contestant): ContestantSummary => {
    const isOfContestant = (run: Run) => run.contestant === contestant.name
    const own = rounds.filter(isOfContestant)
    const halfLoad = paced.find(isOfContestant)
    const counted = warmUps.filter(isOfContestant)
    const isReference = contestant.name === last
    return {
      name: contestant.name,
      requestsPerS: spreadOf(own.map((run) => run.requestsPerS)),
      p50Ms: spreadOf(own.map((run) => run.p50Ms)),
      p99Ms: spreadOf(own.map((run) => run.p99Ms)),
      ...(!isReference && { ratio: spreadOf(roundsOf(rounds, contestant.name, [last], (run) => run.requestsPerS)) }),
      ...(halfLoad && {
        halfLoad: { requestsPerS: halfLoad.requestsPerS, p50Ms: halfLoad.p50Ms, p99Ms: halfLoad.p99Ms },
      }),
      peakMemoryMb: usageOf(own, ({ serverPeakMemoryMb }) => serverPeakMemoryMb),
      loopDelayP99Ms: usageOf(own, ({ loopDelayP99Ms }) => loopDelayP99Ms),
      serverCpuMs: usageOf(own, ({ serverCpuS }, count) => serverCpuS && (serverCpuS * 1000) / count),
      postgresCpuMs: usageOf(own, ({ postgresCpuS }, count) => postgresCpuS && (postgresCpuS * 1000) / count),
      generatorCpuMs: usageOf(own, ({ generatorCpuS }, count) => generatorCpuS && (generatorCpuS * 1000) / count),
      roundTrips: usageOf(own, ({ databaseRoundTrips }, count) => perRequest(databaseRoundTrips, count)),
      statements: usageOf(counted, ({ statements }, count) => perRequest(statements, count)),
      rowsWritten: usageOf(counted, ({ rowsWritten }, count) => perRequest(rowsWritten, count)),
    }
  })
  return {
    scenario: name,
    connections,
    contestants: summaries,
    ...(target && {
      target: judge(
        target,
        rounds,
        contestants.map((contestant) => contestant.name),
      ),
    }),
  }
}

function judge(target: Target, rounds: readonly Run[], [first, ...others]: string[]) {
  const figure = spreadOf(figuresOf(target, rounds, first!, others))
  // Memory counts at its worst, the others in the middle.
  return { target, figure, isMet: isMet(target, target.of === 'memory' ? figure.max : figure.median) }
}

function figuresOf(target: Target, rounds: readonly Run[], first: string, others: string[]): number[] {
  if (target.of === 'requests') return roundsOf(rounds, first, others.slice(-1), (run) => run.requestsPerS)
  if (target.of === 'latency') return roundsOf(rounds, first, others, (run) => run.p50Ms)
  return rounds.filter((run) => run.contestant === first).map((run) => run.usage.serverPeakMemoryMb ?? Number.NaN)
}

/** A contestant's figure by the sum of others', round by round. */
function roundsOf(rounds: readonly Run[], name: string, others: readonly string[], figure: (run: Run) => number) {
  return rounds
    .filter((run) => run.contestant === name)
    .map((run) => {
      const same = rounds.filter((other) => other.round === run.round && others.includes(other.contestant))
      return figure(run) / same.reduce((sum, other) => sum + figure(other), 0)
    })
}

function usageOf(runs: readonly Run[], figure: (usage: Usage, requestCount: number) => number | null): Spread | null {
  const values = runs.map((run) => figure(run.usage, run.totalRequestCount ?? run.requestCount))
  return values.every((value) => value !== null) && values.length > 0 ? spreadOf(values) : null
}

function perRequest(total: number | null, requestCount: number): number | null {
  return total === null ? null : total / requestCount
}
