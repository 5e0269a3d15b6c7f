import { expect, it } from 'vitest'
import { simulateCorrections } from '../src/simulation/simulate-corrections.ts'
import type { WorldOptions } from '../src/simulation/world-options.ts'
import { type Mutation, mutateEngine } from './mutated-engine.ts'

const FAULTS = { error: 0.02, lostBefore: 0.01, lostAfter: 0.01 }
const MAX_SEEDS = 500

it.each<[what: string, seeds: number, options: WorldOptions]>([
  ['in any interleaving', 200, {}],
  ['with failures and lost connections', 300, { faults: FAULTS }],
  ['with processes killed, and somebody who follows the events', 250, { faults: FAULTS, kills: 0.1, follows: 0.3 }],
  ['with crashes of the database', 250, { faults: FAULTS, crashes: 0.1 }],
  ['with the clock set back', 150, { faults: FAULTS, kills: 0.1, clockSetBack: 0.3 }],
])('corrections and separations beside identify keep every promise %s', async (_, seeds, options) => {
  for (let seed = 1; seed <= seeds; seed++) {
    const { failure } = await simulateCorrections(seed, options)
    expect(failure && `seed ${seed}: ${failure}`).toBeNull()
  }
})

it('a seed replays', async () => {
  const options = { faults: FAULTS, kills: 0.1, crashes: 0.1 }
  const first = await simulateCorrections(7, options)
  expect(await simulateCorrections(7, options)).toEqual(first)
  expect(await simulateCorrections(8, options)).not.toEqual(first)
})

it.each<Mutation & { fault: string; options: WorldOptions }>([
  {
    fault: 'a correction that locks nobody',
    file: 'postgres/corrections/lock.ts',
    from: 'new Set(await lockPersonsOfContacts(client, workspaceId, ids))',
    to: '{ has: (_: number) => true }',
    options: {},
  },
  {
    fault: 'a correction that is repeated whatever became of its COMMIT',
    file: 'postgres/corrections/correct.ts',
    from: '(await isCommitted(pool, workspaceId, sent, retry))',
    to: 'false',
    options: { faults: { error: 0, lostBefore: 0.02, lostAfter: 0.02 } },
  },
  {
    fault:
      'a correction that names a person by the oldest contact, which the clock that is set back may make another one',
    file: 'divide.ts',
    from: 'return current ?? former ??',
    to: 'return (current ? [current, former].find((one) => one && !isLive(one)) : former) ??',
    options: { clockSetBack: 0.3 },
  },
])('$fault is found out', async ({ options, ...mutation }) => {
  using parts = await mutateEngine(mutation)
  for (let seed = 1; seed <= MAX_SEEDS; seed++) {
    const { failure } = await simulateCorrections(seed, { ...options, parts })
    if (failure && /no order of these calls|lead to other persons/.test(failure)) return
  }
  expect.unreachable(`not found out in ${MAX_SEEDS} seeds`)
})
