import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DataDirInUse } from './data-dir-lock.ts'
import { startTunedPostgres, type TunedPostgresOptions } from './tuning.ts'

/** A database to work with, whoever started it. */
export interface RunningDatabase {
  readonly url: string
  /** Resolves when a PostgreSQL that was started here has ended by itself; never for any other. */
  readonly died: Promise<void>
  /** Stops it, if it was started here. */
  stop(): Promise<void>
}

export interface OpenDatabaseOptions
  extends Pick<TunedPostgresOptions, 'dataDir' | 'settings' | 'onLog' | 'onWarning'> {
  /** A PostgreSQL of one's own; without it, the embedded one. */
  readonly url: string | undefined
  /** Whether to use the embedded PostgreSQL that another process has started in the folder. @default false */
  readonly canShare?: boolean
}

/**
 * The database that the settings name, started if it is the embedded one and does not run.
 * @throws DataDirInUse when another process has it and it is not to be shared, or cannot be yet
 */
export async function openDatabase({ url, canShare, ...options }: OpenDatabaseOptions): Promise<RunningDatabase> {
  if (url) return notOurs(url)
  try {
    return await startTunedPostgres(options)
  } catch (error) {
    if (!canShare || !(error instanceof DataDirInUse)) throw error
    const address = addressIn(resolve(options.dataDir))
    if (!address) throw error
    return notOurs(address)
  }
}

function notOurs(url: string): RunningDatabase {
  return { url, died: new Promise(() => {}), stop: async () => {} }
}

/** Not there while the other process starts for the first time. */
function addressIn(dataDir: string): string | undefined {
  const file = join(dataDir, 'database-url')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}
