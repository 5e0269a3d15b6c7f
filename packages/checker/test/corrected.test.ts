import type { PostgresStore } from '@identity/core/postgres'
import { expect, it } from 'vitest'
import type { StoreUnderTest } from '../src/logged/run.ts'
import { PromiseBroken } from '../src/run-histories.ts'
import { type Mutation, mutateEngine } from './mutated-engine.ts'
import { kindsOf, runOnTwoStores, type TwoStoresOptions } from './two-stores.ts'

const seed = Date.now() % 2 ** 31

/** Histories in which persons are corrected beside identify, on two servers. */
const run = (histories: number, options: Partial<TwoStoresOptions> = {}) =>
  runOnTwoStores({ seed, histories, ...options })

it('histories with calls of several requests, orders of before, splits, undos, separations, deletions, restorations and erasures over two servers: each has an order that explains every answer (G1)', async () => {
  const calls = await run(120)
  const kinds = kindsOf(calls)
  const expected = [
    'identifyMany done',
    'split done',
    'split conflict',
    'split not_found',
    'delete done',
    'delete not_found',
    'restore done',
    'restore not_found',
    'erase done',
    'undo done',
    'undo conflict',
    'separate done',
    'separate conflict',
  ]
  expect(expected.filter((kind) => !kinds.has(kind))).toEqual([])
})

it('a server that splits after it has answered is found out', async () => {
  const late: Array<Promise<unknown>> = []
  const hasty = (store: PostgresStore): StoreUnderTest => ({
    identify: store.identify.bind(store),
    preview: store.preview.bind(store),
    find: store.find.bind(store),
    inquiries: store.inquiries,
    rules: store.rules,
    corrections: {
      deleteContact: (...asked) => store.corrections.deleteContact(...asked),
      restoreContact: (...asked) => store.corrections.restoreContact(...asked),
      erase: (...asked) => store.corrections.erase(...asked),
      undo: (...asked) => store.corrections.undo(...asked),
      async split(workspaceId, query) {
        const answer = await store.corrections.split(workspaceId, query, { dryRun: true })
        late.push(store.corrections.split(workspaceId, query).catch(() => {}))
        return { ...answer, separationId: query.keepApart ? 1 : null }
      },
    },
  })
  await expect(run(100, { wrap: hasty, late })).rejects.toThrow(/no order of these calls/)
})

it.each<Mutation & { fault: string }>([
  {
    // Be it by the rules that the database itself keeps (G4).
    fault: 'a correction that locks nobody',
    file: 'postgres/statements/lock-persons-of-contacts.ts',
    from: '\n    for no key update',
    to: '',
  },
  {
    // It often trips over its own fault before an order is looked for.
    fault: 'an undo that does not look at what happened since',
    file: 'postgres/corrections/undo-merge.ts',
    from: 'if (cursor.position > position || cursor.index > index) later.push(event)',
    to: 'if (cursor.position < position) later.push(event)',
  },
])('$fault is found out', async (mutation) => {
  using parts = await mutateEngine(mutation)
  await expect(run(150, { parts })).rejects.toThrow(PromiseBroken)
})
