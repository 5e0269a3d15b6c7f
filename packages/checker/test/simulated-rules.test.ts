import { expect, it } from 'vitest'
import { type CorrectionSimulationOptions, simulateCorrections } from '../src/simulation/simulate-corrections.ts'
import { type Mutation, mutateEngine } from './mutated-engine.ts'

const FAULTS = { error: 0.02, lostBefore: 0.01, lostAfter: 0.01 }
/** One statement in three is held up, mostly for longer than a change of rules waits. */
const HELD_UP = 0.35
const MAX_SEEDS = 500

const simulate = (seed: number, options: CorrectionSimulationOptions) =>
  simulateCorrections(seed, { ...options, rulesChange: true })

it.each<[what: string, seeds: number, options: CorrectionSimulationOptions]>([
  ['in any interleaving', 40, {}],
  ['with statements held up', 100, { stalls: HELD_UP }],
  ['with failures and lost connections', 40, { faults: FAULTS, stalls: 0.02 }],
  ['with processes killed, and somebody who follows the events', 40, { faults: FAULTS, kills: 0.1, follows: 0.3 }],
  ['with crashes of the database', 40, { faults: FAULTS, crashes: 0.05, stalls: 0.02 }],
  ['with the clock set back', 40, { faults: FAULTS, kills: 0.05, clockSetBack: 0.2 }],
])(
  'limits and block rules that change beside identify and corrections keep every promise %s',
  async (_, seeds, options) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { failure } = await simulate(seed, options)
      expect(failure && `seed ${seed}: ${failure}`).toBeNull()
    }
  },
)

it('histories have refusals, blocked requests, and persons that come apart for a rule', async () => {
  const told = new Set<string>()
  for (let seed = 1; seed <= 30; seed++) {
    for (const { asked, told: answer } of (await simulate(seed, {})).history) {
      if (answer && 'refused' in answer) told.add(`${asked.type} ${answer.refused}`)
      if (answer && 'outcomes' in answer) for (const outcome of answer.outcomes ?? []) told.add(outcome)
    }
  }
  expect([...told]).toEqual(expect.arrayContaining(['refused', 'merged', 'identify identifier_blocked']))
})

it('a seed replays', async () => {
  const options = { faults: FAULTS, kills: 0.1, crashes: 0.05, stalls: 0.02 }
  const first = await simulate(7, options)
  expect(await simulate(7, options)).toEqual(first)
  expect(await simulate(8, options)).not.toEqual(first)
})

interface Mutant extends Mutation {
  readonly fault: string
  /** The first that is tried: those before it take too long, and do not find the fault. */
  readonly firstSeed: number
  readonly options: CorrectionSimulationOptions
}

const MUTANTS: Mutant[] = [
  {
    fault: 'a server that does not look again at the rules under its locks',
    file: 'postgres/write-batch.ts',
    from: '  await batch.checkRules()\n',
    to: '',
    firstSeed: 70,
    options: { stalls: HELD_UP },
  },
  {
    fault: 'limits that are counted before the locks are held',
    file: 'postgres/write-batch.ts',
    from: `    rootIds.length > 0 && lockPrimaries(client, workspaceId, rootIds),
    known.length > 0 ? readPersons(client, workspaceId, known) : [],
    drawStamp(client, workspaceId, expected),
  ])`,
    to: `    null,
    known.length > 0 ? readPersons(client, workspaceId, known) : [],
    drawStamp(client, workspaceId, expected),
    rootIds.length > 0 && lockPrimaries(client, workspaceId, rootIds),
  ])`,
    firstSeed: 36,
    options: {},
  },
  {
    fault: 'a refusal by what nobody carried when it was looked up first',
    file: 'postgres/write-batch.ts',
    from: 'isLimited ? [...batch.known, ...unclaimed] : batch.known',
    to: 'batch.known',
    firstSeed: 2_700,
    options: { stalls: HELD_UP },
  },
  {
    fault: 'refusals that are taken for counted where the connection is lost at COMMIT',
    file: 'postgres/commit-outcome.ts',
    from: 'if (ids.length === 0 && writes.refusals.length === 0)',
    to: 'if (ids.length === 0)',
    firstSeed: 128,
    options: { faults: { error: 0, lostBefore: 0.02, lostAfter: 0.02 } },
  },
  {
    fault: 'a change that is answered before those have ended who work by the old rules',
    file: 'postgres/rules/postgres-rules.ts',
    from: 'await awaitWriters((work) => this.#run(workspaceId, work), Date.now() + this.#timeoutMs)',
    to: '',
    firstSeed: 58,
    options: { stalls: HELD_UP },
  },
  {
    fault: 'an application that does not look for deleted contacts',
    file: 'postgres/rules/apply-blocks.ts',
    from: 'for (let after: Contact | null = null; ; ) {',
    to: 'for (let after: Contact | null = null; after; ) {',
    firstSeed: 34,
    options: {},
  },
  {
    fault: 'an application that goes on by a rule which is removed',
    file: 'postgres/rules/apply-blocks.ts',
    from: 'if (!(await rules.arePending(client)))',
    to: 'if (client === null)',
    firstSeed: 8,
    options: { stalls: HELD_UP },
  },
  {
    fault: 'an application that does not wait for those who work by the old rules',
    file: 'postgres/rules/apply-blocks.ts',
    from: 'await awaitWriters(run, retry().deadlineMs)',
    to: '',
    firstSeed: 210,
    options: { stalls: HELD_UP },
  },
  {
    fault: 'an application that goes by the age of a rule, whose COMMIT was late',
    file: 'postgres/rules/apply-blocks.ts',
    from: 'if (rules.some(({ ageMs }) => ageMs < SURELY_IN_FORCE_AFTER_MS)) await delay(RULES_SETTLE_MS)',
    to: "if (rules.some(({ ageMs }) => ageMs < 2 * RULES_SETTLE_MS)) return 'wait'",
    firstSeed: 11_960,
    options: { stalls: HELD_UP },
  },
]

it.each(MUTANTS)(
  '$fault is found out; without it, the same seed passes',
  async ({ firstSeed, options, ...mutation }) => {
    using parts = await mutateEngine(mutation)
    for (let seed = firstSeed; seed < firstSeed + MAX_SEEDS; seed++) {
      const { failure } = await simulate(seed, { ...options, parts })
      if (!failure || !/no order of these calls|what is blocked links|refusals are counted/.test(failure)) continue
      expect(await simulate(seed, options)).toMatchObject({ failure: null })
      return
    }
    expect.unreachable(`not found out in ${MAX_SEEDS} seeds`)
  },
)
