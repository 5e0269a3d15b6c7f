import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type SimulationOptions, simulate } from '../src/simulation/simulate.ts'

const FAULTS = { error: 0.02, lostBefore: 0.01, lostAfter: 0.01 }

/** Runs seeds until one fails. */
async function firstFailure(seeds: number, options: SimulationOptions): Promise<string | null> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { failure } = await simulate(seed, options)
    if (failure) return `seed ${seed}: ${failure}`
  }
  return null
}

describe('the engine on a simulated database keeps its promises', () => {
  it.each<[what: string, seeds: number, options: SimulationOptions]>([
    ['in any interleaving', 2_000, {}],
    ['with three processes', 500, { processes: 3, maxCallers: 6 }],
    ['with failures and lost connections', 2_000, { faults: FAULTS }],
    ['with processes killed', 1_000, { faults: FAULTS, kills: 0.1 }],
    ['with crashes of the database', 1_000, { faults: FAULTS, crashes: 0.1 }],
    ['with the clock set back', 1_000, { clockSetBack: 0.3 }],
    ['and whoever follows the events sees each once', 300, { faults: FAULTS, kills: 0.1, follows: 0.5 }],
  ])('%s', async (_, seeds, options) => {
    expect(await firstFailure(seeds, options)).toBeNull()
  })
})

it('after a simulation, timers are as they were', async () => {
  await simulate(1)
  expect(await new Promise((resolve) => setTimeout(resolve, 0, 'argument'))).toBe('argument')
  expect(await new Promise((resolve) => setImmediate(resolve, 'argument'))).toBe('argument')
  expect(await delay(0, 'value')).toBe('value')
})

it('a seed replays', async () => {
  const options = { faults: FAULTS, kills: 0.1 }
  const first = await simulate(7, options)
  expect(await simulate(7, options)).toEqual(first)
  expect(await simulate(8, options)).not.toEqual(first)
})
