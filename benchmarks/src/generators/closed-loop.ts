import { createHistogram } from 'node:perf_hooks'
import type { Load, LoadResult } from '../load.ts'

/** Time for the compiler, not measured. */
const WARM_UP_S = 1

/** As many callers as the load has connections, each of whom calls again as soon as it is answered. */
export async function closedLoop(load: Load, call: () => Promise<unknown>): Promise<LoadResult> {
  const latenciesUs = createHistogram()
  let total = 0
  const measuredFromMs = performance.now() + WARM_UP_S * 1000
  const endMs = measuredFromMs + load.seconds * 1000
  async function callAgainAndAgain() {
    for (let startedMs = performance.now(); startedMs < endMs; ) {
      await call()
      const endedMs = performance.now()
      total++
      if (endedMs >= measuredFromMs) latenciesUs.record(Math.max(1, Math.round((endedMs - startedMs) * 1000)))
      startedMs = endedMs
    }
  }
  await Promise.all(Array.from({ length: load.connections }, callAgainAndAgain))
  return {
    requestCount: latenciesUs.count,
    totalRequestCount: total,
    durationS: (performance.now() - measuredFromMs) / 1000,
    p50Ms: latenciesUs.percentile(50) / 1000,
    p99Ms: latenciesUs.percentile(99) / 1000,
    // A call that fails ends the process, and with it the benchmark.
    failures: { connection: 0, timeout: 0, status: 0 },
  }
}
