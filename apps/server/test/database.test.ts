import { createTestDatabase } from '@identity/testkit'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../packages/embedded-postgres/test/support/temporary-folder.ts'
import { readConfig } from '../src/config.ts'
import { openDatabase, startTuned } from '../src/database.ts'

function recordingLogger() {
  const lines: string[] = []
  return { lines, logger: pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line).msg) }) }
}

it.each([
  { lanes: '5', warnings: [] },
  {
    lanes: '100',
    warnings: [expect.stringMatching(/may open 404 connections, and PostgreSQL allows 297; .* to 424 or more/)],
  },
])('$lanes lanes: says so when PostgreSQL allows fewer connections', async ({ lanes, warnings }) => {
  await using database = await createTestDatabase()
  const { lines, logger } = recordingLogger()
  const env = { DATABASE_URL: database.url, SERVER_PROCESSES: '2', READ_LANES: lanes, WRITE_LANES: lanes }
  await openDatabase(readConfig(env), logger)
  expect(lines).toEqual(warnings)
})

it('starts the embedded PostgreSQL with its own settings where it refuses ours, and says so', async () => {
  await using folder = temporaryFolder()
  const { lines, logger } = recordingLogger()
  const settings = { wal_compression: 'unheard-of', max_connections: '17', fsync: 'off' }
  const postgres = await startTuned({ dataDir: folder.dataDir, settings }, logger)
  await postgres.stop()
  expect(lines).toEqual([expect.stringMatching(/invalid value for parameter "wal_compression".* give the server more/)])
})
