import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { locateBinaries } from './binaries.ts'
import { prepareCluster, SUPERUSER } from './cluster.ts'
import { makeDataDir } from './data-dir.ts'
import { lockDataDir } from './data-dir-lock.ts'
import { createDatabase, lastPort } from './database.ts'
import { explainFailure } from './failure.ts'
import { freePort } from './free-port.ts'
import { makeHome } from './home.ts'
import { stopOrphan } from './orphan.ts'
import { type Postmaster, PostmasterFailed, type PostmasterOptions, startPostmaster } from './postmaster.ts'
import { inheritOwner, serverUser } from './server-user.ts'

export interface EmbeddedPostgresOptions {
  /** Where everything is kept. Made if need be. */
  dataDir: string
  /** The database to connect to. Made if need be. @default 'identity' */
  database?: string
  /** PostgreSQL settings by name. */
  settings?: Record<string, string>
  /** Gets each line of PostgreSQL's log. */
  onLog?: (line: string) => void
}

export interface EmbeddedPostgres {
  /** How to connect, password included. Other processes of this machine find it in the data folder, in `database-url`. */
  readonly url: string
  /** Resolves when PostgreSQL has ended without having been asked to. */
  readonly died: Promise<void>
  /** Stops PostgreSQL and lets go of the data folder. */
  stop(): Promise<void>
}

/** What a start may meet that passes by itself: a predecessor that is ending still, or a port that was just taken. */
const PASSING = /lock file "postmaster\.pid"|pre-existing shared memory block|could not create any TCP\/IP sockets/
const START_TIMEOUT_MS = 20_000
const RETRY_MS = 200

/**
 * Starts the real PostgreSQL with its data in a folder; whatever an earlier start left behind (an orphan of kill -9, a
 * half-made cluster) is cleared first.
 * @throws DataDirInUse when another process that is alive uses the folder
 * @throws EmbeddedPostgresFailure when it cannot start for a reason that a person can do something about
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await startIn(makeDataDir(options.dataDir), options)
  } catch (error) {
    throw explainFailure(error, resolve(options.dataDir))
  }
}

async function startIn(dataDir: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { database = 'identity', settings = {}, onLog = () => {} } = options
  await using undo = new AsyncDisposableStack()
  undo.defer(lockDataDir(dataDir))
  const user = serverUser(dataDir)
  const home = makeHome(dataDir, user)
  const binaries = await locateBinaries(home, user)
  const cluster = await prepareCluster({ home, binaries, user, isDurable: settings.fsync !== 'off' })
  const addressFile = join(dataDir, 'database-url')
  const preferredPort = lastPort(addressFile)
  const postmasterOptions = { binaries, clusterFolder: cluster.folder, user, settings, onLog }
  const { postmaster, port } = await startPatiently(preferredPort, postmasterOptions)
  undo.defer(() => postmaster.stop())
  const address = `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}`
  await createDatabase(`${address}/postgres`, database)
  const url = `${address}/${database}`
  writeFileSync(addressFile, `${url}\n`, { mode: 0o600 })
  inheritOwner(addressFile)
  const running = undo.move()
  return { url, died: postmaster.died, stop: () => running.disposeAsync() }
}

async function startPatiently(
  preferredPort: number,
  options: Omit<PostmasterOptions, 'port'>,
): Promise<{ postmaster: Postmaster; port: number }> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS
  for (;;) {
    // Each time: the PostgreSQL of a server that was killed early in its start may come up only now.
    await stopOrphan(options.clusterFolder)
    const port = await freePort(preferredPort)
    try {
      return { postmaster: await startPostmaster({ ...options, port }), port }
    } catch (error) {
      const passes = error instanceof PostmasterFailed && PASSING.test(error.output)
      if (!passes || Date.now() > deadlineMs) throw error
      await delay(RETRY_MS)
    }
  }
}
