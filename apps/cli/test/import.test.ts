import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { allContacts, createTestDatabase, ordersExpected } from '@identity/testkit'
import { describe, expect, it } from 'vitest'
import { figures, identity } from './support/identity.ts'
import { csvOf, ndjsonOf, temporaryFolder } from './support/orders-files.ts'
import { expectAllOrders } from './support/persons.ts'
import { said } from './support/said.ts'

const expected = ordersExpected()

async function importFile(url: string, cwd: string, args: string[], input?: string) {
  return identity(['import', ...args], { cwd, env: { DATABASE_URL: url }, ...(input !== undefined && { input }) })
}

describe('20,000 orders come to what they must', () => {
  it('from NDJSON; a dry run says the same before, and a second run changes nothing', async () => {
    await using database = await createTestDatabase()
    using folder = temporaryFolder()
    const file = folder.write('orders.ndjson', ndjsonOf())
    const dry = await importFile(database.url, folder.path, [file, '--dry-run'])
    expect(await allContacts(database.db)).toEqual([])
    const real = await importFile(database.url, folder.path, [file])
    await expectAllOrders(database.db)
    expect([dry.code, real.code]).toEqual([3, 3])
    expect(figures(dry.stdout)).toEqual(figures(real.stdout))
    const { created, linked } = figures(real.stdout)
    expect(created! + linked!).toBe(expected.contacts)

    const before = await allContacts(database.db)
    const again = await importFile(database.url, folder.path, [file])
    expect(await allContacts(database.db)).toEqual(before)
    const dryAgain = await importFile(database.url, folder.path, [file, '--dry-run'])
    const { accepted, refused } = figures(real.stdout)
    const unchanged = { rows: 20_000, accepted, refused, created: 0, linked: 0, merged: 0, unchanged: accepted }
    expect([figures(again.stdout), figures(dryAgain.stdout)]).toEqual([unchanged, unchanged])
  })

  it('from gzipped CSV', async () => {
    await using database = await createTestDatabase()
    using folder = temporaryFolder()
    // The gzip is seen from its content, not from its name.
    const { code } = await importFile(database.url, folder.path, [folder.write('orders', gzipSync(csvOf()))])
    expect(code).toBe(3)
    await expectAllOrders(database.db)
  })

  it('from standard input, with columns named in the command', async () => {
    await using database = await createTestDatabase()
    using folder = temporaryFolder()
    const csv = csvOf(undefined, 'Nr;placed,Mail,"tel, mobile"'.replace(';', '')).replace('Nrplaced', 'Nr,placed')
    const columns = ['id=nr', 'time=placed', 'email=mail', 'phone=tel, mobile'].flatMap((name) => ['--column', name])
    const { code, stderr } = await importFile(database.url, folder.path, ['-', ...columns], csv)
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('stdin.rejected.ndjson') })
    await expectAllOrders(database.db)
  })
})

it('refused rows are in a file with line, order and reason, for the owner only', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  const file = folder.write(
    'shop.csv',
    [
      'order_id,created_at,email,phone',
      'A1,2024-01-01T00:00:00Z,ann@example.com,1',
      'A2,yesterday,bob@example.com,2',
      'A3,2024-02-30T00:00:00Z,bob@example.com,2',
      'A4,2024-01-01T00:00:00Z,,',
      'A5,2024-01-01T00:00:00Z,"two\nlines",',
      'A6,2024-01-01T00:00:00Z,eve@example.com,5,6',
      'A7,2024-01-01T00:00:00Z,e"ve@example.com,5',
      'A8,,zoe@example.com,8',
    ].join('\r\n'),
  )
  const { code, stdout, stderr } = await importFile(database.url, folder.path, [file])
  expect(code).toBe(3)
  expect(figures(stdout)).toMatchObject({ rows: 8, accepted: 2, refused: 6, created: 2 })
  expect(stdout + stderr).not.toContain('example.com')
  const rejects = join(folder.path, 'shop.csv.rejected.ndjson')
  expect(statSync(rejects).mode & 0o777).toBe(0o600)
  const refused = readFileSync(rejects, 'utf8').trim().split('\n')
  expect(refused.map((line) => JSON.parse(line))).toEqual([
    { line: 3, orderId: 'A2', reason: expect.stringContaining('found "yesterday"') },
    { line: 4, orderId: 'A3', reason: expect.stringContaining('found "2024-02-30T00:00:00Z"') },
    { line: 5, orderId: 'A4', reason: expect.stringContaining('both absent') },
    { line: 6, orderId: 'A5', reason: expect.stringContaining('email must be an address') },
    { line: 8, orderId: null, reason: expect.stringContaining('5 fields') },
    { line: 9, orderId: null, reason: expect.stringContaining('quote') },
  ])
})

it('all rows taken: exit code 0, and no file of refused rows', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  const file = folder.write('good.jsonl', '\ufeff{"Email":"ann@example.com"}\n\n{"phone":7}')
  const { code, stdout, stderr } = await importFile(database.url, folder.path, [file])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(figures(stdout)).toMatchObject({ rows: 2, accepted: 2, created: 2 })
  expect(existsSync(join(folder.path, 'good.jsonl.rejected.ndjson'))).toBe(false)
})

it('history that comes in late makes the oldest contact primary', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  await importFile(database.url, folder.path, ['-'], '{"email":"ann@example.com","phone":"1"}')
  const history = '{"orderedAt":"2019-05-05 10:00","email":"ann@example.com","phone":"2"}'
  const { stdout } = await importFile(database.url, folder.path, ['-'], history)
  expect(stdout).toMatch(/^linked +1 contact added to a person$/m)
  expect(await allContacts(database.db)).toMatchObject([
    { id: 1, linkedId: 2, linkPrecedence: 'secondary' },
    { id: 2, linkedId: null, createdAt: new Date('2019-05-05T10:00:00Z') },
  ])
})

describe('what cannot be read is said, and nothing is written', () => {
  it.each([
    ['no column that is known', 'name,tel\nann,1\n', [], 1, 'No column is known for an e-mail or a phone'],
    ['a named column that is missing', 'mail\n1\n', ['--column', 'email=e'], 1, 'There is no column "e" for email'],
    ['an empty file', '', [], 1, 'The file is empty'],
    [
      'a quote that nothing closes',
      'email\n"ann@example.com\n',
      [],
      1,
      'opens a field after line 1, and none closes it',
    ],
    [
      'a quote in the first line',
      'e"mail\nann@example.com\n',
      [],
      1,
      'The first line must name the columns, and cannot',
    ],
    [
      'no first line',
      'ann@example.com,5\nbob@example.com,6\n',
      [],
      1,
      'seems to have values. Begin the file with a line',
    ],
    [
      'no first line, a column named',
      'ann,555-0100\n',
      ['--column', 'phone=tel'],
      1,
      'seems to have values. Begin the file with a line',
    ],
    [
      'two columns of one name',
      'Email,email\nann@example.com,bob@example.com\n',
      [],
      1,
      'Two columns are named "email"',
    ],
    [
      'a JSON array',
      '[{"email":"ann@example.com"},\n{"email":"bob@example.com"}]',
      [],
      1,
      'one JSON array. Write it as NDJSON',
    ],
    ['a JSON array, indented', '[\n  {"phone": 5}\n]', ['--format', 'ndjson'], 1, 'one JSON array. Write it as NDJSON'],
    [
      'a long field',
      `phone\n1\n${'x'.repeat(3_000_000)}\n2`,
      [],
      1,
      'The row after line 2 has more than 1048576 characters',
    ],
    ['half a gzip', gzipSync(csvOf()).subarray(0, 2000), [], 1, 'damaged or ends too early'],
    ['an unknown option', '', ['--colum', 'a=b'], 2, "Unknown option '--colum'"],
    ['an unknown field', '', ['--column', 'mail=b'], 2, 'found "mail=b"'],
    ['an unknown region', '', ['--region', 'Atlantis'], 2, 'found "Atlantis"'],
  ] as const)('%s', async (_, content, args, code, reason) => {
    await using database = await createTestDatabase()
    using folder = temporaryFolder()
    const rejected = ['--rejected', join(folder.path, 'rejected')]
    const ended = await said(['import', folder.write('file', content), ...rejected, ...args], {
      DATABASE_URL: database.url,
    })
    expect(ended).toMatchObject({ code, stderr: expect.stringContaining(reason) })
    expect(ended.stderr).not.toMatch(/^ +at |example\.com|555/m)
    expect(await allContacts(database.db)).toEqual([])
  })

  it.each([
    [
      'import a file that is not there',
      ['import', 'orders.cvs'],
      '"orders.cvs" cannot be read. There is no such file.',
    ],
    ['import a folder', ['import', '.'], '"." cannot be read. It is a folder. Name a file in it.'],
    [
      'preview a file that is not there',
      ['preview', 'orders.cvs'],
      '"orders.cvs" cannot be read. There is no such file.',
    ],
    [
      'refused rows to a folder that is not there',
      ['import', 'orders.csv', '--rejected', 'none/rejected'],
      '"none/rejected" cannot be written. There is no folder "none". Make it, or name another file with --rejected.',
    ],
    [
      'refused rows to a folder',
      ['import', 'orders.csv', '--rejected', '.'],
      '"." cannot be written. It is a folder. Name a file in it with --rejected.',
    ],
  ])('%s', async (_, args, reason) => {
    await using database = await createTestDatabase()
    using folder = temporaryFolder()
    folder.write('orders.csv', 'email\nann@example.com\n')
    const ended = await identity(args, { cwd: folder.path, env: { DATABASE_URL: database.url } })
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) })
    expect(ended.stderr).not.toContain('ENOENT')
    expect(await allContacts(database.db)).toEqual([])
  })
})
