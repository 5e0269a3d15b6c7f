import { resolve } from 'node:path'
import { migrate, openClient } from '@identity/core/postgres'
import {
  DataDirInUse,
  type EmbeddedPostgres,
  EmbeddedPostgresFailure,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '@identity/embedded-postgres'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { thisMachine } from './machine.ts'
import { postgresSettings, totalConnections } from './sizing.ts'

/** The database that the configuration names, migrated, and started if it is the embedded one. */
export interface RunningDatabase {
  readonly url: string
  /** Resolves with what to say when an embedded PostgreSQL has ended by itself; never for one of your own. */
  readonly failed: Promise<string>
  stop(): Promise<void>
}

/** How a PostgreSQL refuses settings that are too much for the machine, or unknown to its build. */
const REFUSES_SETTINGS =
  /could not map anonymous shared memory|could not create shared memory segment|invalid value for parameter/

/** Opens the database for all processes of the server. */
export async function openDatabase(config: Config, logger: Logger): Promise<RunningDatabase> {
  const connections = totalConnections(config.SERVER_PROCESSES, {
    readLanes: config.READ_LANES,
    writeLanes: config.WRITE_LANES,
  })
  if (config.DATABASE_URL) {
    await migrate(config.DATABASE_URL)
    await warnOfTooFewConnections(config.DATABASE_URL, connections, logger)
    return { url: config.DATABASE_URL, failed: new Promise(() => {}), stop: async () => {} }
  }
  const settings = postgresSettings(thisMachine().memoryBytes, connections)
  const postgres = await startTuned({ dataDir: config.DATA_DIR, settings }, logger).catch((error) => {
    throw error instanceof DataDirInUse ? new DataDirInUse(howToShare(config), { cause: error }) : error
  })
  try {
    await migrate(postgres.url)
  } catch (error) {
    await postgres.stop()
    throw error
  }
  const failed = postgres.died.then(
    () =>
      'the embedded PostgreSQL ended by itself. Start the server again; if it recurs, LOG_LEVEL=debug shows its log',
  )
  return { url: postgres.url, failed, stop: () => postgres.stop() }
}

/** The embedded PostgreSQL with these settings; with its own where it refuses them, which is slower and said. */
export async function startTuned(
  options: EmbeddedPostgresOptions & { settings: Record<string, string> },
  logger: Logger,
): Promise<EmbeddedPostgres> {
  const withLog = { ...options, onLog: (line: string) => logger.debug({ postgres: line }, 'PostgreSQL') }
  try {
    return await startEmbeddedPostgres(withLog)
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresFailure && REFUSES_SETTINGS.test(error.message))) throw error
    logger.warn(
      `${error.message}. Starting with PostgreSQL's own settings, which are slower; give the server more memory`,
    )
    const { max_connections } = options.settings
    return startEmbeddedPostgres({ ...withLog, settings: max_connections ? { max_connections } : {} })
  }
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
