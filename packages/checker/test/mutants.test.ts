import { expect, it } from 'vitest'
import { type SimulationOptions, simulate } from '../src/simulation/simulate.ts'
import { type Mutation, mutateEngine } from './mutated-engine.ts'

const MAX_SEEDS = 2_000
const NO_FAULTS: SimulationOptions = {}
const ERRORS: SimulationOptions = { faults: { error: 0.02, lostBefore: 0, lostAfter: 0 } }
const CRASHES: SimulationOptions = { crashes: 0.1 }
const LOST_CONNECTIONS: SimulationOptions = { faults: { error: 0, lostBefore: 0.02, lostAfter: 0.02 } }

interface Mutant extends Mutation {
  readonly without: string
  readonly options: SimulationOptions
  /** How it is found out. An engine that trips over its own fault counts only where nothing else can show it. */
  readonly failure: RegExp
}

const MUTANTS: Mutant[] = [
  {
    without: 'locking',
    file: 'postgres/write-batch.ts',
    from: 'rootIds.length > 0 && lockPrimaries(client, workspaceId, rootIds)',
    to: 'false',
    options: NO_FAULTS,
    failure: /no order of these calls/,
  },
  {
    without: 'the check that all persons read are locked',
    file: 'postgres/write-batch.ts',
    from: 'if (!found.every((rootId) => rootIds.includes(rootId)))',
    to: 'if (found.length < 0)',
    options: NO_FAULTS,
    failure: /no order of these calls/,
  },
  {
    without: 'answers taken in turn: all at the end of the batch',
    file: 'postgres/write-batch.ts',
    from: 'sent = {',
    to: 'for (const result of results) result.person = viewOf(persons.personOfAny(result.person.primaryContactId)!); sent = {',
    options: NO_FAULTS,
    failure: /no order of these calls/,
  },
  {
    without: 'repetition',
    file: 'postgres/retry.ts',
    from: 'if (!isTransient(error)) throw error',
    to: 'throw error',
    options: ERRORS,
    failure: /a call failed: Error: injected/,
  },
  {
    without: 'reading everything again after a lost race',
    file: 'postgres/engine.ts',
    from: 'known = jobs.flatMap((job) => job.identifiers)',
    to: '',
    options: NO_FAULTS,
    failure: /a call failed: Error: .* exists/,
  },
  {
    without: 'asking what became of COMMIT: taken for granted',
    file: 'postgres/write-batch.ts',
    from: '(await isCommitted(pool, sent, batch.retry))',
    to: 'true',
    options: LOST_CONNECTIONS,
    failure: /no order of these calls/,
  },
  {
    without: 'asking what became of COMMIT: repeated',
    file: 'postgres/write-batch.ts',
    from: '(await isCommitted(pool, sent, batch.retry))',
    to: 'false',
    options: LOST_CONNECTIONS,
    failure: /no order of these calls/,
  },
  {
    without: 'waiting until the database has decided about COMMIT',
    file: 'postgres/commit-outcome.ts',
    from: "if (status === 'in progress')",
    to: 'if (status === null)',
    options: LOST_CONNECTIONS,
    failure: /no order of these calls/,
  },
  {
    without: 'looking for what a transaction wrote: its id alone, which a crash gives to another',
    file: 'postgres/commit-outcome.ts',
    from: 'if (await hasTrace(client, workspaceId, ids, at))',
    to: 'if (at)',
    options: CRASHES,
    failure: /no order of these calls/,
  },
]

it.each(MUTANTS)('the engine without $without is found out; with it, the same seeds pass', async (mutant) => {
  using parts = await mutateEngine(mutant)
  for (let seed = 1; seed <= MAX_SEEDS; seed++) {
    expect(await simulate(seed, mutant.options)).toMatchObject({ failure: null })
    const { failure } = await simulate(seed, { ...mutant.options, parts })
    if (failure && mutant.failure.test(failure)) return
  }
  expect.unreachable(`not found out in ${MAX_SEEDS} seeds`)
})
