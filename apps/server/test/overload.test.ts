import { createTestDatabase, startServer } from '@identity/testkit'
import { expect, it } from 'vitest'
import { holdWrites } from './hold-writes.ts'

it('a database slower than the callers: those for whom there is no room get 503 at once, the others their answer', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({
    DATABASE_URL: database.url,
    SERVER_PROCESSES: '1',
    WRITE_LANES: '1',
    BATCH_SIZE: '1',
    QUEUE_SIZE: '2',
    REQUEST_TIMEOUT_MS: '30000',
  })
  const holder = await holdWrites(database)
  const refused: Response[] = []
  const { promise: manyRefused, resolve } = Promise.withResolvers<void>()
  const calls = Array.from({ length: 20 }, async (_, n) => {
    const response = await fetch(`${server.url}/identify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `e${n}@example.com` }),
    })
    if (response.status === 503 && refused.push(response) === 17) resolve()
    return response.status
  })
  await manyRefused
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  await holder.release()
  expect(new Set(await Promise.all(calls))).toEqual(new Set([200, 503]))
})
