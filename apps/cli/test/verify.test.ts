import { PostgresStore } from '@identity/core/postgres'
import { createTestDatabase, HILL_VALLEY, seed } from '@identity/testkit'
import { expect, it } from 'vitest'
import { said } from './support/said.ts'

it('says that all holds, or what does not, and repairs it', async () => {
  await using database = await createTestDatabase()
  const run = (...args: string[]) => said(args, { DATABASE_URL: database.url })
  await seed(database.db, HILL_VALLEY)
  await new PostgresStore(database.pool).identify(1, [{ email: 'ann@example.com', phoneNumber: '1' }])
  const healthy = await run('verify')
  expect(healthy).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('All holds: 3 contacts and 5 identifiers.'),
  })
  expect(healthy.stdout).not.toMatch(/[✗!]/)

  await database.db`update contact set claimed = null where email = 'mcfly@hillvalley.edu'`
  const broken = await run('verify', '--workspace', 'default')
  expect(broken.code).toBe(4)
  expect(broken.stdout).toMatch(/✗ Every value .* Not so: 1\. .*repair.*\n +workspace 1, contacts 23\n/)
  expect(broken.stdout).not.toContain('hillvalley')

  expect(await run('repair', '--dry-run')).toMatchObject({ code: 4, stdout: expect.stringContaining('dry run') })
  const repaired = await run('repair', '--json')
  expect(repaired.code).toBe(0)
  expect(JSON.parse(repaired.stdout)).toMatchObject({ repaired: { 'values-indexed': 1 }, holds: true })
  expect(await run('repair')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to repair') })
  expect(JSON.parse((await run('verify', '--json')).stdout)).toMatchObject({ holds: true, contacts: 3 })
})

it('says what it cannot repair', async () => {
  await using database = await createTestDatabase()
  const run = (...args: string[]) => said(args, { DATABASE_URL: database.url })
  await seed(database.db, HILL_VALLEY, 9)
  const repaired = await run('repair')
  expect(repaired.code).toBe(4)
  expect(repaired.stdout).toMatch(
    /✗ Every contact is of a workspace .* Insert the row .*\n +workspace 9, contacts 1, 23\n/,
  )
  await new PostgresStore(database.pool).identify(1, [{ email: 'ann@example.com', phoneNumber: null }])
  expect(await run('verify', '--workspace', 'default')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('All holds: 1 contact and 1 identifier.'),
  })
  expect(await run('verify', '--workspace', 'none')).toMatchObject({ code: 1 })
  expect(await run('verify', 'all')).toMatchObject({ code: 2 })
})
