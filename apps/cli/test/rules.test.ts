import { verify } from '@identity/core/postgres'
import { createTestDatabase, HILL_VALLEY, seed, TWO_PRIMARIES } from '@identity/testkit'
import { expect, it } from 'vitest'
import { said } from './support/said.ts'

it('shows and changes a policy, previews, adds, applies and removes a block rule, and keeps contacts apart', async () => {
  await using database = await createTestDatabase()
  await seed(database.db, [...HILL_VALLEY, ...TWO_PRIMARIES])
  const run = (...args: string[]) => said(args, { DATABASE_URL: database.url })
  const changed = await run('policy', 'set', '--max-emails', '3', '--priority', 'phone')
  const kept = await run('separate', 'keep', '27', '11')
  const added = await run('block', 'add', 'phone', '123456')
  expect(changed.stdout).toContain('max-emails\t3\nmax-phones\tnone\npriority\tphone')
  expect((await run('policy', 'show')).stdout).toBe(changed.stdout)
  expect((await run('block', 'preview', 'phone', '1234*')).stdout).toBe(
    'This would touch 1 persons and split 1 of them, into 2.\nFor example the persons 1.',
  )
  expect((await run('block', 'apply')).code).toBe(0)
  expect((await run('block', 'list')).stdout).toMatch(new RegExp(`^${added.stdout}\tphone\t123456\tapplied\t`))
  const [contact] = await database.db`select link_precedence, released from contact where id = 23`
  expect(contact).toEqual({ link_precedence: 'primary', released: 'phone' })
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
