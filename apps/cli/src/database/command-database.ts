import { resolve } from 'node:path'
import { migrate } from '@identity/core/postgres'
import { DataDirInUse, openDatabase, type RunningDatabase } from '@identity/embedded-postgres'
import { Failure } from '../failure.ts'
import { type Environment, readSettings } from '../settings.ts'

/** A migrated database. Use with `await using`: an embedded PostgreSQL that was started here is stopped again. */
export interface CommandDatabase extends AsyncDisposable {
  readonly url: string
}

/** DATABASE_URL, else the embedded PostgreSQL: a running server's, or started for as long as the command runs. */
export async function openCommandDatabase(env: Environment): Promise<CommandDatabase> {
  const { databaseUrl, dataDir } = readSettings(env)
  const database = await open(databaseUrl, dataDir)
  try {
    await migrate(database.url)
  } catch (error) {
    await database.stop()
    throw error
  }
  return { url: database.url, [Symbol.asyncDispose]: () => database.stop() }
}

async function open(url: string | undefined, dataDir: string): Promise<RunningDatabase> {
  try {
    return await openDatabase({ url, dataDir, canShare: true })
  } catch (error) {
    if (!(error instanceof DataDirInUse)) throw error
    throw new Failure(`A server is starting on DATA_DIR=${resolve(dataDir)}. Wait until it is up, and try again.`, {
      cause: error,
    })
  }
}
