import { BlockList, type BlockRule, type PolicyChoices } from '@identity/core'
import { expect, it } from 'vitest'
import { NO_RULES, type Rules } from '../src/corrected/specification.ts'
import type { LoggedAsked } from '../src/logged/call.ts'
import type { Seen } from '../src/logged/next-asked.ts'
import { nextUnderRules } from '../src/logged/next-under-rules.ts'
import type { RuleChanges } from '../src/logged/rule-changes.ts'
import type { Random } from '../src/random.ts'
import { type Mutation, mutateEngine } from './mutated-engine.ts'
import { kindsOf, type Ruler, runOnTwoStores, type TwoStoresOptions } from './two-stores.ts'

const seed = Date.now() % 2 ** 31
/** The e-mail that the first two contacts of every history have. */
const BLOCKED: BlockRule = { id: 1, kind: 'email', pattern: 'e0@*' }

const BLOCKING: Rules = { ...NO_RULES, blocked: new BlockList([BLOCKED]) }

/** A split that keeps apart, and a separation, wait a second so soon after a change, and all corrections behind them. */
function next(random: Random, seen: Seen, namespace: string): LoggedAsked {
  for (;;) {
    const asked = nextUnderRules(null)(random, seen, namespace)
    if (asked.type !== 'separate') return asked.type === 'split' ? { ...asked, keepApart: false } : asked
  }
}

/** What is in force at first, and how that changes. */
type Course = Pick<TwoStoresOptions, 'rules' | 'prepare' | 'meanwhile'>

const run = (options: Course & Pick<TwoStoresOptions, 'concurrency' | 'parts'>) =>
  runOnTwoStores({ seed, histories: 10, isBlocked: (value) => value.startsWith('email:e0@'), next, ...options })

function limited(max: number): Rules {
  return { ...NO_RULES, limits: { email: max, phone: max } }
}

function limit(max: number | null): Pick<PolicyChoices, 'maxEmails' | 'maxPhoneNumbers'> {
  return { maxEmails: max, maxPhoneNumbers: max }
}

/** A rule from the start is removed. */
const unblock: Course = {
  rules: BLOCKING,
  prepare: (db) => db`
    insert into block_rule (workspace_id, kind, pattern, created_at, applied_up_to)
    values (1, ${BLOCKED.kind}, ${BLOCKED.pattern}, 'epoch', null)`,
  meanwhile: (changes, { rules }) => changes.change(NO_RULES, () => removeAll(rules)),
}

async function removeAll(rules: Ruler['rules']): Promise<void> {
  for (const { id } of await rules.blockRules(1)) await rules.removeBlockRule(1, id)
}

async function block(changes: RuleChanges, { rules, applyBlocks }: Ruler, blocking = BLOCKING): Promise<void> {
  await changes.change(blocking, () => rules.addBlockRule(1, BLOCKED.kind, BLOCKED.pattern))
  await changes.apply(blocking, applyBlocks)
}

it.concurrent('histories while limits are set and lifted, and a block rule is added, applied and removed, over two servers: each has an order that explains every answer by the rules of its time (G1)', async () => {
  const calls = await run({
    async meanwhile(changes, ruler) {
      const { rules } = ruler
      await changes.change(limited(2), () => rules.setPolicy(1, limit(2)))
      await block(changes, ruler, { ...limited(2), blocked: BLOCKING.blocked })
      await changes.change(limited(2), () => removeAll(rules))
      await changes.change(NO_RULES, () => rules.setPolicy(1, limit(null)))
    },
  })
  const kinds = kindsOf(calls)
  const expected = ['identify done', 'identify refused', 'identify identifier_blocked', 'preview email-limit']
  expect(expected.filter((kind) => !kinds.has(kind))).toEqual([])
})

it.concurrent.each<Mutation & { fault: string; course: Course }>([
  {
    fault: 'a server that does not hear of a change',
    file: 'postgres/rules/rule-book.ts',
    from: 'copy?.version === version ?',
    to: 'copy ?',
    course: { meanwhile: (changes, { rules }) => changes.change(limited(1), () => rules.setPolicy(1, limit(1))) },
  },
  {
    fault: 'a server that believes for too long what it has read',
    file: 'postgres/fresh-copies.ts',
    from: 'refreshAfterMs = 250, maxAgeMs = MAX_AGE_MS',
    to: 'refreshAfterMs = 30_000, maxAgeMs = 30_000',
    course: unblock,
  },
  {
    fault: 'an application of block rules that forgets by what requests persons were joined',
    file: 'postgres/rules/apply-blocks.ts',
    from: 'bridgesWithin(former, bridges), rules.isBlocked',
    to: '[], rules.isBlocked',
    course: { meanwhile: block },
  },
])('$fault is found out', async ({ course, ...mutation }) => {
  using parts = await mutateEngine(mutation)
  await expect(run({ ...course, parts, concurrency: 5 })).rejects.toThrow(/no order of these calls/)
})
