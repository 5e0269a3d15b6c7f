import { verify } from '@identity/core/postgres'
import { createTestDatabase, HILL_VALLEY, seed, TWO_PRIMARIES } from '@identity/testkit'
import { expect, it } from 'vitest'
import { said } from './support/said.ts'

it('shows and changes a policy, previews, adds, applies and removes a block rule, and keeps contacts apart', async () => {
  await using database = await createTestDatabase()
  const withJunk = { ...TWO_PRIMARIES[0]!, id: 50, email: 'jennifer@hillvalley.edu', phoneNumber: '00001' }
  await seed(database.db, [...HILL_VALLEY, ...TWO_PRIMARIES, withJunk])
  const run = (...args: string[]) => said(args, { DATABASE_URL: database.url })
  const changed = await run('policy', 'set', '--max-emails', '3', '--priority', 'phone', '--block-junk', 'on')
  const kept = await run('separate', 'keep', '27', '11')
  const added = await run('block', 'add', 'phone', '123456')
  expect(changed.stdout).toContain('block-junk\ton\nmax-emails\t3\nmax-phones\tnone\npriority\tphone')
  expect((await run('policy', 'show')).stdout).toBe(changed.stdout)
  expect((await run('block', 'preview', 'phone', '1234*')).stdout).toBe(
    'This would touch 1 persons and split 1 of them, into 2.\nFor example the persons 1.',
  )
  expect((await run('block', 'apply')).code).toBe(0)
  expect((await run('block', 'list')).stdout).toMatch(new RegExp(`^${added.stdout}\tphone\t123456\tapplied\t`))
  // The preset was applied as well; it is not in the list, as it is switched by the policy.
  const contacts = await database.db`
    select id, link_precedence, released from contact where released is not null order by id`
  expect(contacts).toEqual([1, 23, 50].map((id) => ({ id, link_precedence: 'primary', released: 'phone' })))
  expect((await verify(database.db)).holds).toBe(true)
  expect((await run('block', 'remove', '99')).code).toBe(1)
  expect((await run('separate', 'list', '--contact', '11')).stdout).toMatch(new RegExp(`^${kept.stdout}\t11\t27\t`))
  expect((await run('separate', 'release', kept.stdout)).code).toBe(0)
})

it.each<[string[], RegExp]>([
  [['policy'], /show, set; found nothing/],
  [['policy', 'set'], /Say what is to change/],
  [['policy', 'set', '--max-emails', '0'], /--max-emails must be .*; found "0"/],
  [['block', 'add', 'name', 'x'], /email or phone; found "name"/],
  [['separate', 'keep', '1'], /two ids/],
])('refuses %j with advice, before it opens a database', async (args, advice) => {
  const { code, stderr } = await said(args, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  expect(code).toBe(2)
  expect(stderr).toMatch(advice)
})
