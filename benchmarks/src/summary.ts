import type { ContestantName } from './contestants.ts'
import type { Run } from './measure.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** What the rounds of one workload come to. */
export interface Summary {
  workload: string
  contestants: Record<ContestantName, { requestsPerS: Spread; p50Ms: Spread; p99Ms: Spread }>
  /** The service's requests/s as a part of the bare server's in the same round. */
  ratio: Spread
}

/** @param runs every round's run of both contestants */
export function summarize(workload: string, runs: readonly Run[]): Summary {
  const service = runs.filter((run) => run.contestant === 'service')
  const bare = runs.filter((run) => run.contestant === 'bare')
  const ratios = service.map(
    ({ round, requestsPerS }) => requestsPerS / bare.find((run) => run.round === round)!.requestsPerS,
  )
  return {
    workload,
    contestants: { service: spreadsOf(service), bare: spreadsOf(bare) },
    ratio: spreadOf(ratios),
  }
}

function spreadsOf(runs: readonly Run[]) {
  return {
    requestsPerS: spreadOf(runs.map((run) => run.requestsPerS)),
    p50Ms: spreadOf(runs.map((run) => run.p50Ms)),
    p99Ms: spreadOf(runs.map((run) => run.p99Ms)),
  }
}
