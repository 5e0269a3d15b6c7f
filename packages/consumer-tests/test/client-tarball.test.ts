import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeBlocks, createTestDatabase, startLocalServer } from '@identity/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMPILERS, TYPESCRIPT_7 } from './compilers.ts'
import { Editor } from './editor.ts'
import { findingsIn, strayFilesIn } from './hygiene.ts'
import { NODES } from './nodes.ts'
import { type PackedPackage, pack } from './pack.ts'
import { createProject, type Project } from './project.ts'
import { readReadme } from './readme.ts'
import { startRegistry } from './registry.ts'

const OK = { exitCode: 0, output: '' }
const URL_IN_CODE = 'http://localhost:8000'

const { installs, examples, tests } = readReadme('client')
const readmeFiles = Object.fromEntries(examples.map(({ code }, n) => [`readme-${n}.ts`, code]))
const readmeTests = Object.fromEntries(tests.map((code, n) => [`readme-${n}.test.ts`, code]))

const cleanup = new AsyncDisposableStack()
let client: PackedPackage
/** Has installed the client and nothing else. */
let app: Project
/** Has installed what the README says for tests, too. */
let testedApp: Project

beforeAll(async () => {
  client = cleanup.use(await pack('@identity/client'))
  const registry = cleanup.use(await startRegistry([client]))
  app = cleanup.use(createProject('client', registry, readmeFiles))
  testedApp = cleanup.use(createProject(['client', 'client-msw'], registry, readmeTests))
  const [install, installForTests] = installs
  await Promise.all([app.npm(install!), testedApp.npm(`${installForTests} @identity/client`)])
  expect(await app.compile(TYPESCRIPT_7)).toEqual(OK)
}, 120_000)
afterAll(() => cleanup.disposeAsync())

describe('the tarball', () => {
  const inDist = (file: string) => readFileSync(join(app.folder, 'node_modules/@identity/client/dist', file), 'utf8')
  const importsOf = (text: string) => {
    const names = [...text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, name]) => name!)
    return [...new Set(names)].sort()
  }

  it('contains what was built and the documents; publint and are-the-types-wrong find nothing', async () => {
    expect(client.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/THIRD-PARTY-LICENCES.txt']))
    expect(strayFilesIn(client, /^dist\/THIRD-PARTY-LICENCES\.txt$/)).toEqual([])
    expect(JSON.stringify(client.manifest)).not.toMatch(/"(workspace|catalog):|@identity\/source/)
    expect(await findingsIn(client)).toEqual([])
  })

  it('brings tRPC, superjson and a parser of event streams along, and nothing of the service', () => {
    const installed = readdirSync(join(app.folder, 'node_modules')).filter((name) => !/^\.|^@types$|^undici/.test(name))
    // tRPC wants a TypeScript beside it.
    const ofTrpc = ['@trpc', '@typescript', 'typescript']
    expect(installed).toEqual(['@identity', ...ofTrpc, 'copy-anything', 'eventsource-parser', 'superjson'].toSorted())
  })

  it('has types that can be read: short, and nothing in them of a database or a validator', () => {
    const types = inDist('index.d.ts')
    expect(types.length).toBeLessThan(35_000)
    // The last is where tRPC has the type of what a subscription brings.
    const ofTrpc = ['@trpc/client', '@trpc/server', '@trpc/server/unstable-core-do-not-import']
    expect(importsOf(types)).toEqual(ofTrpc)
    expect(types).not.toMatch(/drizzle|postgres|zod|pino|fastify/i)
    expect(importsOf(inDist('msw.d.ts'))).toEqual(['msw'])
  })

  it('runs wherever fetch is: nothing of Node', () => {
    expect(importsOf(inDist('index.js'))).toEqual([
      '@trpc/client',
      '@trpc/server/observable',
      'eventsource-parser',
      'superjson',
    ])
    expect(importsOf(inDist('msw.js')).filter((name) => name.startsWith('node:'))).toEqual([])
  })
})

describe.each(COMPILERS)('$name', (compiler) => {
  it('compiles a program for Node and its fake of the service', async () => {
    expect(await testedApp.compile(compiler, '--noEmit')).toEqual(OK)
  })

  it('refuses what is wrong on a web page, in words that help', async () => {
    const { output } = await app.compile(compiler, '-p', 'tsconfig.wrong.json')
    expect(output.match(/(?<=error TS\d+: ).*/g)).toEqual([
      "Object literal may only specify known properties, but 'emial' does not exist in type 'IdentifyRequest'. Did you mean to write 'email'?",
      "Type 'number' is not assignable to type 'string'.",
      "Type 'number' is not assignable to type 'string'.",
      'This expression is not callable.',
      "Type 'true' does not satisfy the expected type 'false'.",
    ])
  })
})

it("refuses the one line of the repository's first page that it says is refused", async () => {
  const firstPage = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
  const { code } = codeBlocks(firstPage).find(({ language }) => language === 'ts')!
  const file = join(app.folder, 'wrong.ts')
  const wrong = readFileSync(file)
  writeFileSync(file, code)
  const { output } = await app.compile(TYPESCRIPT_7, '-p', 'tsconfig.wrong.json')
  writeFileSync(file, wrong)
  const refused = code.split('\n').findIndex((line) => line.includes('the compiler refuses')) + 1
  expect(output.match(/^wrong\.ts\(\d+(?=,)/gm)).toEqual([`wrong.ts(${refused}`])
})

it('compiles a web page that a bundler packs', async () => {
  expect(await testedApp.compile(TYPESCRIPT_7, '-p', 'tsconfig.browser.json', '--noEmit')).toEqual(OK)
})

it('without the types of web pages, a compiler complains about those of tRPC only', async () => {
  const { output } = await app.compile(TYPESCRIPT_7, '-p', 'tsconfig.server.json', '--noEmit')
  const complaints = [...output.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, file]) => file!)
  expect(complaints.filter((file) => !file.startsWith('node_modules/@trpc/'))).toEqual([])
  expect(await app.compile(TYPESCRIPT_7, '-p', 'tsconfig.server.json', '--noEmit', '--skipLibCheck')).toEqual(OK)
})

describe('an editor', () => {
  let editor: Editor
  beforeAll(() => {
    editor = new Editor(app.folder, 'consumer.ts')
  })

  it('offers the calls, and what they take', () => {
    expect(editor.completions('await client.')).toEqual([
      'blockRules',
      'contact',
      'events',
      'identify',
      'identifyMany',
      'merge',
      'person',
      'policy',
      'preview',
      'refusals',
      'separations',
      'webhooks',
    ])
    expect(editor.completions('await client.identify.')).toEqual(['mutate'])
    expect(editor.completions('await client.person.get.query({ ')).toEqual(['contactId', 'email', 'phoneNumber'])
  })

  it('shows what a call takes and gives, and what it is for', () => {
    const { signature, documentation } = editor.hover('await client.identify')
    expect(signature).toMatch(/identify: \{\s+mutate: [^}]*input: IdentifyRequest;\s+output: IdentifyAnswer;/)
    expect(documentation).toContain('person behind an e-mail')
    const call = editor.hover('await client.identify.mutate').signature
    expect(call).toMatch(/mutate: \(input: IdentifyRequest, opts\?: \w+\) => \w+<IdentifyAnswer, \w+>$/)
    expect(call.length).toBeLessThan(160)
  })

  it('goes from a call to its few lines in the types of the client', () => {
    const [definition, ...others] = editor.definitions('await client.identify')
    expect(others).toEqual([])
    expect(definition!.file).toBe(join(app.folder, 'node_modules/@identity/client/dist/index.d.ts'))
    expect(definition!.text).toMatch(/^identify: [^{]*\{\s+input: IdentifyRequest;\s+output: IdentifyAnswer;/)
  })
})

describe.each(NODES)('on $name', ({ path }) => {
  const test = it.skipIf(!path)

  test('calls a server', async () => {
    await using database = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    const { exitCode, output } = await app.nodeReplacing(path!, 'out/consumer.js', [URL_IN_CODE, server.url])
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
    const lorraine = { primaryContactId: 1, emails: ['lorraine@hillvalley.edu'], phoneNumbers: ['123456'] }
    const both = { ...lorraine, emails: ['lorraine@hillvalley.edu', 'mcfly@hillvalley.edu'], secondaryContactIds: [2] }
    expect(JSON.parse(output)).toMatchObject({
      answer: { contact: { ...lorraine, secondaryContactIds: [] } },
      many: [
        { status: 'ok', contact: both },
        { status: 'error', error: { code: 'invalid_request', problems: [{ field: 'email' }] } },
      ],
      foreseen: { outcome: 'created', contact: { primaryContactId: null } },
      found: { contact: both },
      failure: { code: 'invalid_request', fields: ['email'] },
    })
  })

  test("runs the README's code", async () => {
    await using database = await createTestDatabase()
    await using server = await startLocalServer({ DATABASE_URL: database.url })
    for (const [n, { prints }] of examples.entries()) {
      const execution = await app.nodeReplacing(path!, `out/readme-${n}.js`, [URL_IN_CODE, server.url])
      expect(execution).toEqual({ exitCode: 0, output: prints ?? expect.any(String) })
    }
  })
})

it("passes the app's tests, and the README's, with the fake service", async () => {
  expect(await testedApp.compile(TYPESCRIPT_7, '-p', 'tsconfig.tests.json')).toEqual(OK)
  const { exitCode, output } = await testedApp.node(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'])
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 })
  expect(output).toMatch(new RegExp(`Test Files\\s+${1 + tests.length} passed`))
})
