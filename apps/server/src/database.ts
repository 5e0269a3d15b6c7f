import { resolve } from 'node:path'
import { migrate, openClient } from '@identity/core/postgres'
import { DataDirInUse, openDatabase as open } from '@identity/embedded-postgres'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { maxConnections, totalConnections } from './sizing.ts'

/** The database that the configuration names, migrated, and started if it is the embedded one. */
export interface RunningDatabase {
  readonly url: string
  /** Resolves with what to say when an embedded PostgreSQL has ended by itself; never for one of your own. */
  readonly failed: Promise<string>
  stop(): Promise<void>
}

/** Opens the database for all processes of the server. */
export async function openDatabase(config: Config, logger: Logger): Promise<RunningDatabase> {
  const connections = totalConnections(config.SERVER_PROCESSES, {
    readLanes: config.READ_LANES,
    writeLanes: config.WRITE_LANES,
  })
  const database = await open({
    url: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    settings: { max_connections: String(maxConnections(connections)) },
    onLog: (line) => logger.debug({ postgres: line }, 'PostgreSQL'),
    onWarning: (line) => logger.warn(line),
  }).catch((error) => {
    throw error instanceof DataDirInUse ? new DataDirInUse(howToShare(config), { cause: error }) : error
  })
  try {
    await migrate(database.url)
  } catch (error) {
    await database.stop()
    throw error
  }
  if (config.DATABASE_URL) await warnOfTooFewConnections(database.url, connections, logger)
  const failed = database.died.then(
    () =>
      'the embedded PostgreSQL ended by itself. Start the server again; if it recurs, LOG_LEVEL=debug shows its log',
  )
  return { url: database.url, failed, stop: () => database.stop() }
}

async function warnOfTooFewConnections(url: string, needed: number, logger: Logger): Promise<void> {
  const client = openClient(url)
  try {
    const [row] = await client<[{ allowed: number }]>`
      select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as allowed`
    if (row.allowed >= needed) return
    logger.warn(
      `the server may open ${needed} connections, and PostgreSQL allows ${row.allowed}; under load, calls will get 503. ` +
        `Set max_connections of PostgreSQL to ${needed + 20} or more, or lower SERVER_PROCESSES, READ_LANES or WRITE_LANES`,
    )
  } catch (error) {
    logger.debug({ err: error }, 'how many connections PostgreSQL allows is not known')
  } finally {
    await client.end({ timeout: 1 })
  }
}

function howToShare({ DATA_DIR, PORT }: Config): string {
  return [
    `Another server runs on DATA_DIR=${resolve(DATA_DIR)}.`,
    'Stop it, or name another DATA_DIR for separate data.',
    `To share the data, start this one with DATABASE_URL set to the line in ${resolve(DATA_DIR, 'database-url')}, and a PORT other than ${PORT}.`,
  ].join(' ')
}
