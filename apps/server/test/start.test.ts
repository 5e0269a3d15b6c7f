import { createServer } from 'node:net'
import { readConfig, startServer } from '@identity/server'
import { createTestDatabase } from '@identity/testkit'
import { pino } from 'pino'
import { expect, it } from 'vitest'

it('a server that cannot listen leaves no connection behind', async () => {
  await using database = await createTestDatabase()
  await using taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const config = readConfig({ DATABASE_URL: database.url, PORT: String(port), SERVER_PROCESSES: '1' })
  await expect(startServer(config, pino({ level: 'silent' }))).rejects.toMatchObject({ code: 'EADDRINUSE' })
  const others = () => database.db`
    select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
  await expect.poll(others).toHaveLength(0)
})
