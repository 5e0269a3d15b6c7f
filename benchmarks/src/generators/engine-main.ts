import { type CanonicalRequest, DEFAULT_WORKSPACE_ID } from '@identity/core'
import { Pool, PostgresStore } from '@identity/core/postgres'
import type { Load } from '../load.ts'
import { requestStream } from '../request-stream.ts'
import { closedLoop } from './closed-loop.ts'

/* A process: the service's engine and its statements, called in place, without HTTP. */

const load = JSON.parse(process.argv[2]!) as Load
const nextBody = requestStream(load)
const pool = new Pool(load.url)
const store = new PostgresStore(pool)

// The stream's values are canonical.
const result = await closedLoop(load, () =>
  store.identify(DEFAULT_WORKSPACE_ID, [JSON.parse(nextBody()) as CanonicalRequest]),
)
await pool.end()
console.log(JSON.stringify(result))
