import { createTestDatabase, HILL_VALLEY, seed } from '@identity/testkit'
import { expect, it } from 'vitest'
import { said } from './support/said.ts'

it('shows a person and corrects it, and proves that what was erased is gone', async () => {
  await using database = await createTestDatabase()
  await seed(database.db, HILL_VALLEY)
  const run = (...args: string[]) => said(args, { DATABASE_URL: database.url })
  const both = 'person 1 with 23: lorraine@hillvalley.edu, mcfly@hillvalley.edu, 123456'

  expect((await run('explain', 'mcfly@hillvalley.edu', '#1')).stdout).toContain('share the phone number 123456.')
  const off = ['split', '23', '--join-again']
  const parted = 'person 1: lorraine@hillvalley.edu, 123456\nperson 23: mcfly@hillvalley.edu'
  expect((await run(...off, '--dry-run')).stdout).toBe(parted)
  expect((await run(...off)).stdout).toBe(parted)
  expect((await run('history', '23')).stdout).toMatch(/^1-0 .* person\.split .*"newPersonId":23/)
  expect((await run('history', '1', '--as-of', '2023-05-01T00:00:00Z')).stdout).toContain(both)
  expect(await run('undo', '1-0')).toMatchObject({ code: 1, stderr: expect.stringContaining('no merge') })
  expect((await run('delete', '1')).stdout).toBe('')
  expect((await run('restore', '1')).stdout).toBe('person 1: lorraine@hillvalley.edu, 123456')

  const check = ['erase', '--check', 'Lorraine@HillValley.edu', '12-34-56']
  const before = await run(...check)
  expect(before).toMatchObject({
    code: 4,
    stdout: expect.stringContaining('contact.email holds one of them in 1 row.'),
  })
  expect((await run('erase', '1', '--reason', 'asked for')).stdout).toBe('Gone: contacts 1, and 2 values.')
  expect(await run(...check)).toMatchObject({ code: 0, stdout: 'No table holds any of these values.' })
})

it.each<[string[], RegExp]>([
  [['split'], /something missing/],
  [['delete', 'ann'], /positive whole number/],
  [['explain', 'ann', '#1'], /neither an e-mail address nor a phone number/],
  [['erase', '1', '--reason', 'ann@example.com'], /letters, spaces/],
  [['history', '1', '--as-of', 'then'], /--as-of must be a time/],
])('says what is wrong with %j', async (args, message) => {
  expect(await said(args, {})).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
})
