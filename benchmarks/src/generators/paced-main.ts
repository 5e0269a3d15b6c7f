import { createHistogram } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { bodies, type Load, type LoadResult, PATHS, TIMEOUT_S } from '../load.ts'
import { HttpConnection } from './http-connection.ts'

/*
 * A process: sends requests at a pace, some every millisecond, whether or not the earlier ones are answered. One that
 * finds every connection taken waits, and its latency counts from when it began to: a server that stops for a moment
 * is not let off.
 */

const TICK_MS = 1

const load = JSON.parse(process.argv[2]!) as Load
const nextBody = bodies(load)
const url = new URL(load.url)
const head = `POST ${PATHS[load.transport]} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n`
const intervalMs = 1000 / load.ratePerS!
const plannedCount = Math.max(1, Math.floor(load.seconds * load.ratePerS!))

const latenciesUs = createHistogram()
const failures = { connection: 0, timeout: 0, status: 0 }
const idle: HttpConnection[] = []
const dueMs: number[] = []
let answered = 0

function onAnswer(connection: HttpConnection, status: number) {
  answered++
  if (status < 200 || status > 299) failures.status++
  latenciesUs.record(Math.max(1, Math.round((performance.now() - connection.dueMs) * 1000)))
  idle.push(connection)
  sendDue()
}

function sendDue() {
  while (idle.length > 0 && dueMs.length > 0) {
    const body = nextBody()
    const connection = idle.pop()!
    connection.dueMs = dueMs.shift()!
    connection.send(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
}

const onFailure = () => failures.connection++
for (let n = 0; n < load.connections; n++) {
  idle.push(await HttpConnection.open(url, { onAnswer, onFailure }))
}

const startMs = performance.now()
const giveUpMs = startMs + (load.seconds + TIMEOUT_S) * 1000
let planned = 0
while (answered < plannedCount && failures.connection === 0 && performance.now() < giveUpMs) {
  const nowMs = performance.now()
  for (; planned < plannedCount && startMs + planned * intervalMs <= nowMs; planned++) dueMs.push(nowMs)
  sendDue()
  // Not a busy loop: that would take a core from the server.
  await delay(TICK_MS)
}
failures.timeout = plannedCount - answered

const result: LoadResult = {
  requestCount: answered,
  durationS: (performance.now() - startMs) / 1000,
  p50Ms: latenciesUs.percentile(50) / 1000,
  p99Ms: latenciesUs.percentile(99) / 1000,
  failures,
}
console.log(JSON.stringify(result))
process.exit()
