import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { locateBinaries } from './binaries.ts'
import { prepareCluster, SUPERUSER } from './cluster.ts'
import { lockDataDir } from './data-dir-lock.ts'
import { freePort } from './free-port.ts'
import { stopOrphan } from './orphan.ts'
import { PostmasterFailed, type PostmasterOptions, startPostmaster, stopPostmaster } from './postmaster.ts'
import { giveTo, serverUser } from './server-user.ts'

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

/** What a start may meet that passes by itself: a predecessor that is a zombie still, or a port that was just taken. */
const PASSING = /lock file "postmaster\.pid"|pre-existing shared memory block|could not create any TCP\/IP sockets/
const START_TIMEOUT_MS = 20_000
const RETRY_MS = 200

/**
 * Starts the real PostgreSQL with its data in a folder; whatever an earlier start left behind (an orphan of kill -9, a
 * half-made cluster) is cleared first.
 * @throws DataDirInUse when another process that is alive uses the folder
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const settings = options.settings ?? {}
  makeDataDir(dataDir)
  const unlock = lockDataDir(dataDir)
  try {
    const user = serverUser(dataDir)
    const binaries = locateBinaries(user)
    const cluster = prepareCluster(dataDir, binaries, user, settings.fsync !== 'off')
    await stopOrphan(cluster.folder)
    const addressFile = join(dataDir, 'database-url')
    const { child, port } = await startPatiently(lastPort(addressFile), {
      binaries,
      clusterFolder: cluster.folder,
      user,
      settings,
      onLog: options.onLog ?? (() => {}),
    })
    const address = `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}`
    const database = options.database ?? 'identity'
    await makeDatabase(`${address}/postgres`, database)
    const url = `${address}/${database}`
    writeFileSync(addressFile, `${url}\n`, { mode: 0o600 })
    return { url, ...stopper(child, unlock) }
  } catch (error) {
    unlock()
    throw error
  }
}

/** The new folder belongs to whoever owns the folder around it: root may be only helping out. */
function makeDataDir(dataDir: string): void {
  if (existsSync(dataDir)) return
  mkdirSync(dirname(dataDir), { recursive: true })
  mkdirSync(dataDir, { mode: 0o755 })
  giveTo(serverUser(dirname(dataDir)), dataDir)
}

/** The same port as last time, where it is free: whoever shares the database by its address finds it again. */
function lastPort(addressFile: string): number {
  return existsSync(addressFile) ? Number(new URL(readFileSync(addressFile, 'utf8')).port) : 0
}

async function startPatiently(preferredPort: number, options: Omit<PostmasterOptions, 'port'>) {
  const deadlineMs = Date.now() + START_TIMEOUT_MS
  for (;;) {
    const port = await freePort(preferredPort)
    try {
      return { child: await startPostmaster({ ...options, port }), port }
    } catch (error) {
      const passes = error instanceof PostmasterFailed && PASSING.test(error.output)
      if (!passes || Date.now() > deadlineMs) throw error
      await delay(RETRY_MS)
    }
  }
}

async function makeDatabase(url: string, name: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const [existing] = await sql`select 1 from pg_database where datname = ${name}`
    if (!existing) await sql`create database ${sql(name)}`
  } finally {
    await sql.end()
  }
}

function stopper(child: ChildProcess, unlock: () => void): Pick<EmbeddedPostgres, 'died' | 'stop'> {
  let isStopping = false
  const { promise: died, resolve: reportDeath } = Promise.withResolvers<void>()
  child.once('exit', () => {
    if (!isStopping) reportDeath()
  })
  return {
    died,
    async stop() {
      isStopping = true
      await stopPostmaster(child)
      unlock()
    },
  }
}
