import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { PostgresStore } from '@identity/core/postgres'
import { createTestDatabase, HILL_VALLEY, seed } from '@identity/testkit'
import { expect, it } from 'vitest'
import { identity } from './support/identity.ts'
import { ndjsonOf, temporaryFolder } from './support/orders-files.ts'
import { expectAllOrders, personsOf } from './support/persons.ts'
import { said } from './support/said.ts'

it('an export imported elsewhere is the same persons', async () => {
  await using here = await createTestDatabase()
  using folder = temporaryFolder()
  const at = (url: string) => ({ cwd: folder.path, env: { DATABASE_URL: url } })
  await identity(['import', '-'], { ...at(here.url), input: ndjsonOf() })
  const persons = await personsOf(here.db)
  for (const name of ['contacts.ndjson.gz', 'contacts.csv']) {
    await using there = await createTestDatabase()
    expect(await identity(['export', '--output', name], at(here.url))).toMatchObject({ code: 0, stderr: '' })
    expect(statSync(join(folder.path, name)).mode & 0o777).toBe(0o600)
    expect(await identity(['import', name], at(there.url))).toMatchObject({ code: 0 })
    expect(await said(['verify'], { DATABASE_URL: there.url })).toMatchObject({ code: 0 })
    await expectAllOrders(there.db)
    expect(await personsOf(there.db)).toEqual(persons)
  }
})

it('persons are as identify answers them', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  await seed(database.db, HILL_VALLEY)
  const env = { DATABASE_URL: database.url }
  const { stdout } = await identity(['export', '--what', 'persons'], { cwd: folder.path, env })
  const answer = await new PostgresStore(database.pool).find(1, { contactId: 23 })
  expect(stdout).toBe(`${JSON.stringify(answer)}\n`)
  await identity(['export', '--what', 'persons', '--output', 'p.csv.gz'], { cwd: folder.path, env })
  expect(gunzipSync(readFileSync(join(folder.path, 'p.csv.gz'))).toString()).toBe(
    'primaryContactId,emails,phoneNumbers,secondaryContactIds\n1,lorraine@hillvalley.edu mcfly@hillvalley.edu,123456,23\n',
  )
})

it('an export of persons that were split is imported as these persons', async () => {
  await using here = await createTestDatabase()
  await using there = await createTestDatabase()
  using folder = temporaryFolder()
  const at = (url: string) => ({ cwd: folder.path, env: { DATABASE_URL: url } })
  await seed(here.db, HILL_VALLEY)
  await new PostgresStore(here.pool).corrections.split(1, { contactIds: [23], keepApart: false })
  const { stdout } = await identity(['export'], at(here.url))
  await identity(['import', '-'], { ...at(there.url), input: stdout })
  const [left, off] = await Promise.all([23, 1].map((contactId) => new PostgresStore(here.pool).find(1, { contactId })))
  for (const person of [left!, off!]) {
    const { emails, phoneNumbers } = person
    const same = await new PostgresStore(there.pool).find(1, { identifier: { kind: 'email', value: emails[0]! } })
    expect(same).toMatchObject({ emails, phoneNumbers, secondaryContactIds: [] })
  }
})

it('deleted contacts are left out', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  await seed(database.db, [{ ...HILL_VALLEY[0]!, deletedAt: new Date() }, HILL_VALLEY[1]!])
  const { stdout } = await identity(['export'], { cwd: folder.path, env: { DATABASE_URL: database.url } })
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  ).toEqual([23])
})

it('a pipe is written to, and stays one', async () => {
  await using database = await createTestDatabase()
  using folder = temporaryFolder()
  await seed(database.db, [HILL_VALLEY[0]!])
  const pipe = join(folder.path, 'pipe')
  execFileSync('mkfifo', [pipe])
  const read = promisify(execFile)('cat', [pipe])
  const options = { cwd: folder.path, env: { DATABASE_URL: database.url } }
  expect(await identity(['export', '--output', 'pipe'], options)).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse((await read).stdout)).toMatchObject({ id: HILL_VALLEY[0]!.id })
  expect(statSync(pipe).isFIFO()).toBe(true)
})

it.each([
  ['.', 'It is a folder. Name a file in it with --output.'],
  ['none/x.csv', 'There is no folder "none". Make it, or name another file with --output.'],
  ['file/x.csv', '"file" is no folder. Name another file with --output.'],
])('an output that cannot be written is said before the work: %s', async (output, remedy) => {
  using folder = temporaryFolder()
  folder.write('file', '')
  // There is no database there: it is not come to.
  const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none' }
  const ended = await identity(['export', '--output', output], { cwd: folder.path, env })
  expect(ended).toMatchObject({ code: 1, stderr: `${JSON.stringify(output)} cannot be written. ${remedy}\n` })
  expect(readdirSync(folder.path)).toEqual(['file'])
})
