import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabase } from '@identity/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMPILERS, TYPESCRIPT_7 } from './compilers.ts'
import { findingsIn, strayFilesIn } from './hygiene.ts'
import { NODES } from './nodes.ts'
import { type PackedPackage, pack } from './pack.ts'
import { createProject, type Project } from './project.ts'
import { readReadme } from './readme.ts'
import { startRegistry } from './registry.ts'

const OK = { exitCode: 0, output: '' }
const DATABASE_IN_README = 'postgres://user:password@localhost:5432/shop'

const { installs, examples } = readReadme('core')
const [memoryExample, databaseExample, rulesExample] = examples

const cleanup = new AsyncDisposableStack()
let core: PackedPackage
/** Has installed the core and nothing else. */
let app: Project
/** Has installed the database packages, too. */
let databaseApp: Project

beforeAll(async () => {
  core = cleanup.use(await pack('@identity/core'))
  const registry = cleanup.use(await startRegistry([core]))
  app = cleanup.use(
    createProject('core', registry, { 'readme.ts': memoryExample!.code, 'readme-rules.ts': rulesExample!.code }),
  )
  databaseApp = cleanup.use(createProject('core-postgres', registry, { 'readme.ts': databaseExample!.code }))
  await Promise.all([app.npm(installs[0]!), databaseApp.npm(installs[1]!)])
  expect(await app.compile(TYPESCRIPT_7)).toEqual(OK)
  // The types of drizzle-orm name packages that the app has not.
  expect(await databaseApp.compile(TYPESCRIPT_7, '--skipLibCheck')).toEqual(OK)
}, 120_000)
afterAll(() => cleanup.disposeAsync())

it('contains what was built, the migrations and the documents; publint and are-the-types-wrong find nothing', async () => {
  expect(core.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'migrations/meta/_journal.json']))
  expect(strayFilesIn(core, /^migrations\//)).toEqual([])
  expect(JSON.stringify(core.manifest)).not.toMatch(/"(workspace|catalog):|@identity\/source/)
  expect(await findingsIn(core)).toEqual([])
})

it('brings no database driver along', () => {
  const installed = readdirSync(join(app.folder, 'node_modules')).filter((name) => !name.startsWith('.'))
  expect(installed).toEqual(['@identity', '@types', 'libphonenumber-js', 'undici-types'])
})

describe.each(COMPILERS)('$name', (compiler) => {
  it('compiles a program for Node', async () => {
    expect(await app.compile(compiler, '-p', 'tsconfig.server.json', '--noEmit')).toEqual(OK)
  })

  it('refuses what is wrong on a web page, in words that help', async () => {
    const { output } = await app.compile(compiler, '-p', 'tsconfig.wrong.json')
    expect(output.match(/(?<=error TS\d+: ).*/g)).toEqual([
      "Object literal may only specify known properties, but 'emial' does not exist in type 'IdentifyRequest'. Did you mean to write 'email'?",
      "Type 'number' is not assignable to type 'string'.",
      "Type 'IdentifyResult[]' is not assignable to type 'string'.",
      "Type 'true' does not satisfy the expected type 'false'.",
    ])
  })
})

it('compiles a web page that a bundler packs', async () => {
  expect(await app.compile(TYPESCRIPT_7, '-p', 'tsconfig.browser.json', '--noEmit')).toEqual(OK)
})

it('compiles what uses the database, to the last of the types', async () => {
  expect(await databaseApp.compile(TYPESCRIPT_7, '-p', 'tsconfig.readme.json')).toEqual(OK)
})

describe.each(NODES)('on $name', ({ path }) => {
  const test = it.skipIf(!path)

  test('answers the third documented example', async () => {
    const { exitCode, output } = await app.node(path!, ['out/consumer.js'])
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
    const answer = {
      outcome: 'merged',
      person: {
        primaryContactId: 11,
        emails: ['george@hillvalley.edu', 'biffsucks@hillvalley.edu'],
        phoneNumbers: ['919191', '717171'],
        secondaryContactIds: [27],
      },
    }
    expect(JSON.parse(output)).toEqual([answer, answer])
  })

  test("runs the README's code", async () => {
    expect(await app.node(path!, ['out/readme.js'])).toEqual({ exitCode: 0, output: memoryExample!.prints })
    expect(await app.node(path!, ['out/readme-rules.js'])).toEqual({ exitCode: 0, output: rulesExample!.prints })
  })

  test("runs the README's code with a database", async () => {
    await using database = await createTestDatabase({ empty: true })
    expect(await databaseApp.nodeReplacing(path!, 'out/readme.js', [DATABASE_IN_README, database.url])).toEqual({
      exitCode: 0,
      output: databaseExample!.prints,
    })
  })

  test('keeps persons in a database, which the app reads with its own Drizzle', async () => {
    await using database = await createTestDatabase({ empty: true })
    const { exitCode, output } = await databaseApp.node(path!, ['out/consumer.js'], { DATABASE_URL: database.url })
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
    expect(JSON.parse(output)).toEqual([{ id: 1, email: 'ann@shop.example', linkPrecedence: 'primary' }])
  })

  test('says what is missing where the database packages are not installed', async () => {
    const { output } = await app.node(path!, ['--input-type=module', '--eval', "import '@identity/core/postgres'"])
    expect(output).toMatch(/Cannot find package '(postgres|drizzle-orm)' imported from .*@identity\/core\/dist/)
  })
})
