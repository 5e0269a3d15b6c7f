import { createServer } from 'node:net'
import { readConfig, startServer } from '@identity/server'
import { createTestDatabase, serve, startServer as startProcess } from '@identity/testkit'
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

it('a server whose DATABASE_URL leads to something else says so in one line, and ends', async () => {
  await using other = await serve((_request, response) => response.end())
  const failure = await startProcess({ DATABASE_URL: other.url.replace('http', 'postgres') }).catch(String)
  expect(failure).toContain(
    'the server ended (1) before it was ready:\nThe server cannot start: What listens where DATABASE_URL points closes connections as no PostgreSQL does',
  )
})
