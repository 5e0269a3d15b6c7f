import { resolve } from 'node:path'
import { DataDirInUse, openDatabase as open, type RunningDatabase } from '@identity/embedded-postgres'
import type { Logger } from 'pino'
import type { Config } from './config.ts'

/** The database that the configuration names, started if it is the embedded one. */
export async function openDatabase(config: Config, logger: Logger): Promise<RunningDatabase> {
  try {
    return await open({
      url: config.DATABASE_URL,
      dataDir: config.DATA_DIR,
      onLog: (line) => logger.debug({ postgres: line }, 'PostgreSQL'),
    })
  } catch (error) {
    if (error instanceof DataDirInUse) throw new DataDirInUse(howToShare(config), { cause: error })
    throw error
  }
}

function howToShare({ DATA_DIR, PORT }: Config): string {
  return [
    `Another server runs on DATA_DIR=${resolve(DATA_DIR)}.`,
    'Stop it, or name another DATA_DIR for separate data.',
    `To share the data, start this one with DATABASE_URL set to the line in ${resolve(DATA_DIR, 'database-url')}, and a PORT other than ${PORT}.`,
  ].join(' ')
}
