import { createHistogram } from 'node:perf_hooks'
import autocannon from 'autocannon'
import { bodies, type Load, type LoadResult, PATHS, TIMEOUT_S } from '../load.ts'

/* A process: one run of autocannon. */

const load = JSON.parse(process.argv[2]!) as Load
const nextBody = bodies(load)
// autocannon's own counts whole milliseconds.
const latenciesUs = createHistogram()

const instance = autocannon({
  url: `${load.url}${PATHS[load.transport]}`,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  connections: load.connections,
  duration: load.seconds,
  timeout: TIMEOUT_S,
  setupClient: (client) => {
    client.setBody(nextBody())
    // Emitted before the client sends its next request.
    client.on('response', () => client.setBody(nextBody()))
  },
})
instance.on('response', (_client, _statusCode, _bytes, latencyMs) =>
  latenciesUs.record(Math.max(1, Math.round(latencyMs * 1000))),
)
const result = await instance
const output: LoadResult = {
  requestCount: latenciesUs.count,
  durationS: result.duration,
  p50Ms: latenciesUs.percentile(50) / 1000,
  p99Ms: latenciesUs.percentile(99) / 1000,
  failures: {
    connection: result.errors - result.timeouts,
    timeout: result.timeouts,
    status: result.non2xx,
  },
}
console.log(JSON.stringify(output))
