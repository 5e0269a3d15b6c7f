import { createTestDatabase } from '@identity/testkit'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database.ts'
import { maxConnections, totalConnections } from '../src/sizing.ts'

const MANY = totalConnections(2, { readLanes: 100, writeLanes: 100 })

function recordingLogger() {
  const lines: string[] = []
  return { lines, logger: pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line).msg) }) }
}

it.each([
  { lanes: '5', warnings: [] },
  {
    lanes: '100',
    warnings: [
      expect.stringMatching(
        `may open ${MANY} connections, and PostgreSQL allows 297; .* to ${maxConnections(MANY)} or more`,
      ),
    ],
  },
])('$lanes lanes: says so when PostgreSQL allows fewer connections', async ({ lanes, warnings }) => {
  await using database = await createTestDatabase()
  const { lines, logger } = recordingLogger()
  const env = { DATABASE_URL: database.url, SERVER_PROCESSES: '2', READ_LANES: lanes, WRITE_LANES: lanes }
  await openDatabase(readConfig(env), logger)
  expect(lines).toEqual(warnings)
})
