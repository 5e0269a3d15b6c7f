import { createTestDatabase, startServer } from '@identity/testkit'
import { it } from 'vitest'
import { checkHistories } from './histories.ts'

it('every history over two servers has an order that explains each answer (G1)', async () => {
  await using database = await createTestDatabase()
  const env = { DATABASE_URL: database.url }
  await using one = await startServer(env)
  await using two = await startServer(env)
  await checkHistories(database, [one.url, two.url], 400)
})

it('and every one over the processes of one server', async () => {
  await using database = await createTestDatabase()
  await using server = await startServer({ DATABASE_URL: database.url, SERVER_PROCESSES: '2' })
  await checkHistories(database, [server.url], 100)
})
