import { describe, expect, it } from 'vitest'
import type { Run } from '../src/measure.ts'
import { type Choice, chooseScenarios, type Scenario } from '../src/scenarios.ts'
import { summarize } from '../src/summary.ts'
import type { Target } from '../src/target.ts'

const usage = {
  serverCpuS: 0.5,
  postgresCpuS: null,
  generatorCpuS: null,
  serverPeakMemoryMb: 200,
  loopDelayP99Ms: null,
  databaseRoundTrips: 50,
  statements: null,
  rowsWritten: null,
}

function run(contestant: string, round: number, requestCount: number, p50Ms: number): Run {
  const failures = { connection: 0, timeout: 0, status: 0 }
  const result = { requestCount, durationS: 1, p50Ms, p99Ms: 9, failures }
  return { scenario: 'x', contestant, round, requestsPerS: requestCount, ...result, usage }
}

const runs = [
  run('a', 0, 1, 100),
  run('b', 0, 9, 100),
  run('c', 0, 9, 100),
  ...[run('a', 1, 500, 6), run('b', 1, 900, 1), run('c', 1, 1_000, 2)],
  ...[run('a', 2, 300, 9), run('b', 2, 900, 1), run('c', 2, 1_000, 2)],
  { ...run('a', 3, 200, 4), ratePerS: 200 },
]

function summaryOf(target: Target) {
  const contestants = ['a', 'b', 'c'].map((name) => ({ kind: 'service' as const, name }))
  const scenario: Scenario = { name: 'x', workload: 'mix', connections: 8, customers: 1, contestants, target }
  return summarize(scenario, 8, runs)
}

describe('a summary', () => {
  it('compares the runs of a round with the last contestant, and leaves the warm-up out', () => {
    const { contestants, target } = summaryOf({ of: 'requests', atLeast: 0.4 })
    expect(contestants[0]).toMatchObject({
      requestsPerS: { median: 400, min: 300, max: 500 },
      ratio: { median: 0.4, min: 0.3, max: 0.5 },
      halfLoad: { requestsPerS: 200, p50Ms: 4 },
    })
    expect(contestants[2]).not.toHaveProperty('ratio')
    expect(target).toMatchObject({ figure: { median: 0.4 }, isMet: true })
  })

  it('compares latency with what the others take together', () => {
    const { target } = summaryOf({ of: 'latency', atMost: 2 })
    expect(target).toMatchObject({ figure: { median: 2.5, min: 2, max: 3 }, isMet: false })
  })

  it('takes memory at its worst', () => {
    expect(summaryOf({ of: 'memory', atMost: 300 }).target).toMatchObject({ figure: { max: 200 }, isMet: true })
  })

  it('counts a request’s share', () => {
    expect(summaryOf({ of: 'memory', atMost: 1 }).contestants[0]).toMatchObject({
      serverCpuMs: { min: 1 },
      roundTrips: { min: 0.1 },
      postgresCpuMs: null,
    })
  })
})

describe('the choice of scenarios', () => {
  const namesOf = (choice: Partial<Choice>) =>
    chooseScenarios({ scenarios: [], all: false, large: false, ...choice }).map(({ name }) => name)

  it('is those with a target', () => {
    expect(namesOf({})).toEqual([
      'repeats',
      'mix',
      'newcomers',
      'trpc',
      'peer',
      'beside-hot',
      'beside-hairball',
      'beside-corrections',
      'idle',
    ])
  })
  it('is what is named', () => {
    expect(namesOf({ scenarios: ['growth', 'hot-64'] })).toEqual(['growth', 'hot-64'])
  })
  it('is the large ones alone, or all others', () => {
    expect(namesOf({ large: true })).toEqual(['growth', 'memory'])
    expect(namesOf({ all: true })).toContain('repeats-1m-256')
    expect(namesOf({ all: true })).not.toContain('growth')
  })
})
