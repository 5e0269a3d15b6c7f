import { createKey } from '@identity/core/postgres'
import { createTestDatabase, startLocalServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

const REQUESTS = 3_000

it(`${REQUESTS} requests from a grammar and from mutation: no 5xx, and an answer to each`, async () => {
  await using database = await createTestDatabase()
  const full = await createKey(database.db, { workspace: 'fuzz', scope: 'admin' })
  const reader = await createKey(database.db, { workspace: 'fuzz', scope: 'read' })
  await using server = await startLocalServer({ DATABASE_URL: database.url, RECEIVE_TIMEOUT_MS: '100' })
  const seed = Math.floor(Math.random() * 2 ** 31)
  const { statuses, failures } = await fuzz({
    url: server.url,
    callers: { full: full.key, reader: reader.key },
    requests: REQUESTS,
    seed,
  })
  expect(failures, `with seed ${seed}`).toEqual([])
  // Most ways of being right and wrong were reached; 408 is too rare to come in every run.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 403, 404, 405, 415]))
})
