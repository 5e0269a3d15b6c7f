import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { EmbeddedPostgresFailure } from './failure.ts'
import { makeWhole } from './home.ts'
import { giveTo, type ServerUser } from './server-user.ts'

export const SUPERUSER = 'identity'
const MAJOR_VERSION = '18'

/** A folder that PostgreSQL keeps a cluster in, and the key to it. */
export interface Cluster {
  readonly folder: string
  readonly password: string
}

export interface ClusterOptions {
  readonly home: string
  readonly binaries: string
  readonly user: ServerUser | undefined
  /** Whether the new cluster must outlive a power cut. */
  readonly isDurable: boolean
}

/**
 * The cluster in PostgreSQL's home, made at the first start.
 * @throws EmbeddedPostgresFailure where another version made it, or it cannot be made
 */
export async function prepareCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = join(options.home, 'data')
  const passwordFile = join(options.home, 'password')
  if (!existsSync(folder)) {
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600, flush: options.isDurable })
    giveTo(options.user, passwordFile)
    await makeWhole(folder, options.home, (scratch) => initialise(scratch, passwordFile, options))
    if (options.isDurable) syncFolder(options.home)
  }
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
  if (version !== MAJOR_VERSION) {
    throw new EmbeddedPostgresFailure(
      `${folder} holds data of PostgreSQL ${version}, and this version brings PostgreSQL ${MAJOR_VERSION}; ` +
        'dump the data with the version that wrote it',
    )
  }
  return { folder, password: readFileSync(passwordFile, 'utf8') }
}

async function initialise(scratch: string, passwordFile: string, options: ClusterOptions): Promise<void> {
  giveTo(options.user, scratch)
  const initdb = spawn(
    join(options.binaries, 'initdb'),
    [
      ...['-D', join(scratch, 'data'), '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...['--encoding=UTF8', '--locale=C', ...(options.isDurable ? [] : ['--no-sync'])],
    ],
    {
      ...options.user,
      cwd: scratch,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: Ctrl-C in the terminal is for the server, which ends when it is up.
      detached: true,
    },
  )
  const [complaint, [exitCode, signal]] = await Promise.all([text(initdb.stderr!), once(initdb, 'close')])
  if (exitCode !== 0) {
    const reason = complaint.trim().replaceAll('\n', '; ') || `initdb was ended by ${signal}`
    throw new EmbeddedPostgresFailure(`no database could be made in ${options.home}: ${reason}`)
  }
}

function syncFolder(folder: string): void {
  const file = openSync(folder, 'r')
  fsyncSync(file)
  closeSync(file)
}
