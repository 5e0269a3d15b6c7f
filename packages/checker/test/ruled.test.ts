import { BlockList, type BlockRule } from '@identity/core'
import { expect, it } from 'vitest'
import { NO_RULES } from '../src/corrected/specification.ts'
import { nextUnderRules } from '../src/logged/next-under-rules.ts'
import { mutateEngine } from './mutated-engine.ts'
import { kindsOf, runOnTwoStores, type TwoStoresOptions } from './two-stores.ts'

const seed = Date.now() % 2 ** 31
const JUNK_PHONE = '000000'
const BLOCKED: BlockRule[] = [
  { id: 1, kind: 'phone', pattern: JUNK_PHONE },
  { id: 2, kind: 'email', pattern: 'e1@*' },
]

/** Histories of persons with two e-mails and two phone numbers at the most. */
const runLimited = (options: Pick<TwoStoresOptions, 'histories' | 'parts'>) =>
  runOnTwoStores({
    seed,
    ...options,
    rules: { ...NO_RULES, limits: { email: 2, phone: 2 } },
    next: nextUnderRules(null),
    prepare: (db) => db`update policy set max_emails = 2, max_phone_numbers = 2`,
  })

/** Histories of which all know one phone number, which is blocked, as each history's second e-mail is. */
const runBlocked = (options: Pick<TwoStoresOptions, 'histories' | 'parts'>) =>
  runOnTwoStores({
    seed,
    ...options,
    rules: { ...NO_RULES, blocked: new BlockList(BLOCKED) },
    isBlocked: (value) => value === `phone:${JUNK_PHONE}` || value.startsWith('email:e1@'),
    next: nextUnderRules(JUNK_PHONE),
    prepare: (db) => {
      const rows = BLOCKED.map(({ kind, pattern }) => ({
        workspace_id: 1,
        kind,
        pattern,
        created_at: new Date(0),
        applied_up_to: null,
      }))
      return db`insert into block_rule ${db(rows)}`
    },
  })

it('histories with limits over two servers: each has an order that explains every answer, refusals and their reasons too (G1)', async () => {
  const kinds = kindsOf(await runLimited({ histories: 80 }))
  const expected = ['identify refused', 'preview email-limit', 'preview phone-limit', 'split done', 'delete done']
  expect(expected.filter((kind) => !kinds.has(kind))).toEqual([])
})

it('histories with blocked values over two servers: none of them links, and what is left is in one order (G1)', async () => {
  const kinds = kindsOf(await runBlocked({ histories: 80 }))
  const expected = ['identify identifier_blocked', 'preview identifier_blocked', 'split done', 'delete done']
  expect(expected.filter((kind) => !kinds.has(kind))).toEqual([])
})

it('a limit that is off by one is found out', async () => {
  using parts = await mutateEngine({
    file: 'refusal.ts',
    from: 'return count > limit &&',
    to: 'return count > limit + 1 &&',
  })
  await expect(runLimited({ histories: 25, parts })).rejects.toThrow(/no order of these calls/)
})
