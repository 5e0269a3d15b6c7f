import { IdentityError } from '@identity/core'
import { describe, expect, it, vi } from 'vitest'
import { Batcher, type BatcherOptions, type Job } from '../src/postgres/batcher.ts'

interface NamedJob extends Job {
  name: string
  outcome: Promise<string>
  resolve(value: string): void
}

function job(name: string, { workspaceId = 1, size = 1, expiresAtMs = Date.now() + 60_000 } = {}): NamedJob {
  const { promise: outcome, resolve, reject } = Promise.withResolvers<string>()
  return { name, workspaceId, size, expiresAtMs, outcome, resolve, reject }
}

/** A batcher whose batches end when the test says so. */
function harness(options: Partial<BatcherOptions<NamedJob>> = {}) {
  const batches: Array<{ workspaceId: number; names: string[]; finish: () => void }> = []
  const { promise, resolve } = Promise.withResolvers<void>()
  let announce = resolve
  let started = promise
  const batcher = new Batcher<NamedJob>({
    phase: 'read',
    lanes: 1,
    maxBatchSize: 100,
    maxQueued: 100,
    ...options,
    async run(workspaceId, jobs) {
      const gate = Promise.withResolvers<void>()
      batches.push({ workspaceId, names: jobs.map(({ name }) => name), finish: gate.resolve })
      announce()
      await gate.promise
      for (const { name, resolve } of jobs) resolve(name)
    },
  })
  return {
    batcher,
    batches,
    async nextBatch() {
      await started
      const next = Promise.withResolvers<void>()
      announce = next.resolve
      started = next.promise
      return batches.at(-1)!
    },
  }
}

describe('a batcher', () => {
  it('sends what one turn of the event loop brought as one batch', async () => {
    const { batcher, nextBatch } = harness()
    for (const name of ['a', 'b', 'c']) batcher.push(job(name))
    expect((await nextBatch()).names).toEqual(['a', 'b', 'c'])
  })

  it('lets those that come while every lane is busy travel together, in order', async () => {
    const { batcher, nextBatch } = harness()
    batcher.push(job('a'))
    const first = await nextBatch()
    for (const name of ['b', 'c', 'd']) batcher.push(job(name))
    first.finish()
    expect((await nextBatch()).names).toEqual(['b', 'c', 'd'])
  })

  it('sends one that comes alone before the turn ends, while nothing is under way', async () => {
    const { batcher, batches } = harness()
    batcher.push(job('a'))
    await Promise.resolve()
    expect(batches.map(({ names }) => names)).toEqual([['a']])
  })

  it('waits for the end of the turn once jobs have come together', async () => {
    const { batcher, batches, nextBatch } = harness()
    for (const name of ['a', 'b']) batcher.push(job(name))
    ;(await nextBatch()).finish()
    await new Promise(setImmediate)
    batcher.push(job('c'))
    await Promise.resolve()
    batcher.push(job('d'))
    expect(batches).toHaveLength(1)
    expect((await nextBatch()).names).toEqual(['c', 'd'])
  })

  it('holds batches back while they may not depart, and looks again when it is woken', async () => {
    let mayDepart = false
    const { batcher, batches, nextBatch } = harness({ mayDepart: () => mayDepart })
    batcher.push(job('a'))
    await new Promise(setImmediate)
    expect([batches, batcher.isIdle]).toEqual([[], false])
    mayDepart = true
    batcher.wake()
    const { names, finish } = await nextBatch()
    expect(names).toEqual(['a'])
    finish()
    await new Promise(setImmediate)
    expect(batcher.isIdle).toBe(true)
  })

  it('sends a batch beside another only when enough jobs wait', async () => {
    const { batcher, batches, nextBatch } = harness({ lanes: 2, minBeside: 3 })
    batcher.push(job('a'))
    const first = await nextBatch()
    for (const name of ['b', 'c']) batcher.push(job(name))
    await new Promise(setImmediate)
    expect(batches).toHaveLength(1)
    batcher.push(job('d'))
    expect((await nextBatch()).names).toEqual(['b', 'c', 'd'])
    batcher.push(job('e'))
    first.finish()
    await new Promise(setImmediate)
    expect(batches).toHaveLength(2)
    batches[1]!.finish()
    expect((await nextBatch()).names).toEqual(['e'])
  })

  it('sends fewer beside one that takes long, as it may wait for a lock', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    using _ = { [Symbol.dispose]: () => vi.useRealTimers() }
    const { batcher, batches, nextBatch } = harness({ lanes: 3, minBeside: 3 })
    batcher.push(job('a'))
    await nextBatch()
    batcher.push(job('b'))
    vi.advanceTimersByTime(9)
    await new Promise(setImmediate)
    expect(batches).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect((await nextBatch()).names).toEqual(['b'])
    // The next one waits anew.
    batcher.push(job('c'))
    await new Promise(setImmediate)
    expect(batches).toHaveLength(2)
    vi.advanceTimersByTime(10)
    expect((await nextBatch()).names).toEqual(['c'])
  })

  it('takes jobs up to the size of a batch, and one larger job by itself', async () => {
    const { batcher, nextBatch } = harness({ maxBatchSize: 3 })
    for (const [name, size] of [
      ['a', 2],
      ['b', 1],
      ['c', 5],
      ['d', 1],
    ] as const)
      batcher.push(job(name, { size }))
    for (const names of [['a', 'b'], ['c'], ['d']]) {
      const batch = await nextBatch()
      expect(batch.names).toEqual(names)
      batch.finish()
    }
  })

  it('keeps workspaces apart and lets them take turns', async () => {
    const { batcher, nextBatch } = harness({ maxBatchSize: 2 })
    for (const name of ['a', 'b', 'c']) batcher.push(job(name, { workspaceId: 1 }))
    batcher.push(job('x', { workspaceId: 2 }))
    for (const expected of [
      [1, ['a', 'b']],
      [2, ['x']],
      [1, ['c']],
    ]) {
      const batch = await nextBatch()
      expect([batch.workspaceId, batch.names]).toEqual(expected)
      batch.finish()
    }
  })

  it('refuses at once what the queue has no room for', async () => {
    const { batcher } = harness({ maxQueued: 1 })
    batcher.push(job('a'))
    const refused = job('b')
    batcher.push(refused)
    await expect(refused.outcome).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('1 request waits.'),
      retryAfterS: 1,
    })
  })

  it('refuses what has waited too long instead of working for nobody', async () => {
    const { batcher, nextBatch } = harness()
    const late = job('late', { expiresAtMs: Date.now() - 1 })
    batcher.push(late)
    batcher.push(job('in time'))
    await expect(late.outcome).rejects.toMatchObject({ code: 'unavailable' })
    expect((await nextBatch()).names).toEqual(['in time'])
  })
})

it('arms no timer a batch: hundreds leave one behind at most, which keeps no program from ending', async () => {
  using armed = vi.spyOn(globalThis, 'setTimeout')
  using cleared = vi.spyOn(globalThis, 'clearTimeout')
  const batcher = new Batcher<NamedJob>({
    phase: 'read',
    lanes: 2,
    maxBatchSize: 4,
    maxQueued: 1_000,
    run: async (_, jobs) => {
      for (const { name, resolve } of jobs) resolve(name)
    },
  })
  for (let round = 0; round < 200; round++) {
    const jobs = Array.from({ length: 10 }, (_, n) => job(`${n}`))
    for (const each of jobs) batcher.push(each)
    await Promise.all(jobs.map(({ outcome }) => outcome))
  }
  const gone = new Set(cleared.mock.calls.map(([timer]) => timer))
  const left = armed.mock.results.map(({ value }) => value as NodeJS.Timeout).filter((timer) => !gone.has(timer))
  expect(left.length).toBeLessThanOrEqual(1)
  expect(left.filter((timer) => timer.hasRef())).toEqual([])
})

describe('a batch that fails', () => {
  function failing(fails: (names: string[]) => Error | undefined) {
    return new Batcher<NamedJob>({
      phase: 'read',
      lanes: 1,
      maxBatchSize: 100,
      maxQueued: 100,
      async run(_, jobs) {
        const error = fails(jobs.map(({ name }) => name))
        if (error) throw error
        for (const { name, resolve } of jobs) resolve(name)
      },
    })
  }

  it('because of one job fails for that job only', async () => {
    const batcher = failing((names) => (names.includes('bad') ? new Error('bad') : undefined))
    const jobs = ['a', 'bad', 'b'].map((name) => job(name))
    for (const each of jobs) batcher.push(each)
    const outcomes = await Promise.allSettled(jobs.map(({ outcome }) => outcome))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('because the database is away fails for all, once', async () => {
    let runs = 0
    const batcher = failing(() => {
      runs++
      return new IdentityError('unavailable', 'away')
    })
    const jobs = ['a', 'b'].map((name) => job(name))
    for (const each of jobs) batcher.push(each)
    await Promise.allSettled(jobs.map(({ outcome }) => outcome))
    expect(runs).toBe(1)
  })
})
