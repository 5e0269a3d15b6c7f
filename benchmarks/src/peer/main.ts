import type { AddressInfo } from 'node:net'
import { drizzle } from 'drizzle-orm/node-postgres'
import express, { type ErrorRequestHandler } from 'express'
import { Pool } from 'pg'
import { z } from 'zod'
import { identify, Outdated, type PeerRequest } from './identify.ts'
import { CREATE_TABLE } from './schema.ts'

/*
 * A process: the service that most teams would write. Express, an ORM, a pool, a transaction a request. It is here to
 * be compared with, and has nothing of the service in it.
 */

/** With more it came to no more requests/s, and to longer waits. */
const POOL_SIZE = 10
const MAX_ATTEMPTS = 10
/** Serialization failure, deadlock. */
const TRANSIENT = ['40001', '40P01']

const identifyRequest = z
  .object({
    email: z.string().trim().toLowerCase().max(320).nullish(),
    phoneNumber: z.union([z.string().trim(), z.number().transform(String)]).nullish(),
  })
  .transform(({ email, phoneNumber }): PeerRequest => ({ email: email || null, phoneNumber: phoneNumber || null }))
  .refine(({ email, phoneNumber }) => email !== null || phoneNumber !== null)

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: POOL_SIZE })
await pool.query(CREATE_TABLE)
const db = drizzle(pool)

const app = express()
app.disable('x-powered-by')
app.disable('etag')
app.use(express.json())
app.post('/identify', async (request, response) => {
  const parsed = identifyRequest.safeParse(request.body)
  if (parsed.success) response.json(await identifyPatiently(parsed.data))
  else response.status(400).json({ error: z.prettifyError(parsed.error) })
})
const onError: ErrorRequestHandler = (error, _request, response, _next) => {
  console.error(error)
  response.status(500).json({ error: 'internal' })
}
app.use(onError)

async function identifyPatiently(request: PeerRequest) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await identify(db, request)
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isWorthRepeating(error)) throw error
    }
  }
}

function isWorthRepeating(error: unknown): boolean {
  if (error instanceof Outdated) return true
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return TRANSIENT.includes((cause as { code?: string }).code ?? '')
}

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`The peer is listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGTERM', () => process.exit())
