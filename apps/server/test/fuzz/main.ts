import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createKey, openClient } from '@identity/core/postgres'
import { startServer } from '@identity/testkit'
import { fuzz } from './fuzz.ts'
import { type Holdings, holdingsOf } from './heap.ts'

/*
 * A program: starts a server of its own on a fresh embedded PostgreSQL, fuzzes it, and tells what came of it. Ends with 1
 * where an answer was 5xx, a request got none, the server ended, or it holds more at the end than after a fifth of the way.
 */

const MIB = 1024 ** 2
/** What a heap that is warm may still grow by: prepared statements, compiled code, tables of counts. */
const MAX_HEAP_GROWTH_BYTES = 12 * MIB
const MAX_MORE_FILES = 5
/** Connections that were told something wrong are closed soon. */
const ENV = { RECEIVE_TIMEOUT_MS: '1000', RATE_LIMIT_PER_KEY: '1000000000', SERVER_PROCESSES: '1' }

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } })
const requests = Number(values.requests ?? 100_000)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!Number.isSafeInteger(requests) || requests < 1 || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run fuzz -- [--requests 100000] [--seed N]')
  process.exit(2)
}

const dataDir = mkdtempSync(join(tmpdir(), 'identity-fuzz-'))
try {
  process.exitCode = await run()
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}

async function run(): Promise<0 | 1> {
  await using server = await startServer({ DATA_DIR: dataDir, NODE_OPTIONS: '--inspect=127.0.0.1:0', ...ENV })
  const callers = await makeCallers()
  const inspectorUrl = /ws:\/\/\S+/.exec(server.output())![0]
  const look = () => holdingsOf(server.child.pid!, inspectorUrl)
  const startedAtMs = performance.now()
  let warm: Holdings | undefined
  let nextTold = 0
  console.log(`${requests} requests, seed ${seed}`)
  const { statuses, failures } = await fuzz({
    url: server.url,
    callers,
    requests,
    seed,
    async onProgress(sent) {
      if (sent < nextTold) return
      nextTold += requests / 5
      const now = await look()
      if (sent >= requests / 5) warm ??= now
      console.log(`${sent} sent: ${described(now)}`)
    },
  })
  const seconds = (performance.now() - startedAtMs) / 1000
  const end = await look()
  const ready = await fetch(`${server.url}/health/ready`)
  console.log(`\nin ${seconds.toFixed(0)} s; at the end: ${described(end)}; ready: ${ready.status}`)
  for (const [status, count] of [...statuses].toSorted(([a], [b]) => a - b)) console.log(`${status}  ${count}`)
  for (const failure of failures) console.error(`\n${failure}`)
  const grown = end.heapBytes - (warm ?? end).heapBytes
  if (grown > MAX_HEAP_GROWTH_BYTES) failures.push('heap')
  if ((end.openFiles ?? 0) > ((warm ?? end).openFiles ?? 0) + MAX_MORE_FILES) failures.push('files')
  console.log(`heap grown by ${(grown / MIB).toFixed(1)} MB since it was warm; ${failures.length} failures`)
  return failures.length === 0 && ready.status === 200 ? 0 : 1
}

async function makeCallers() {
  const client = openClient(readFileSync(join(dataDir, 'database-url'), 'utf8').trim())
  const full = await createKey(client, { workspace: 'fuzz', scope: 'admin' })
  const reader = await createKey(client, { workspace: 'fuzz', scope: 'read' })
  await client.end({ timeout: 1 })
  return { full: full.key, reader: reader.key }
}

function described({ heapBytes, residentBytes, openFiles }: Holdings): string {
  const resident = residentBytes === undefined ? '' : `, ${Math.round(residentBytes / MIB)} MB resident`
  return `${(heapBytes / MIB).toFixed(1)} MB heap${resident}${openFiles === undefined ? '' : `, ${openFiles} open files`}`
}
