import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { SHARED_FOLDER } from './binaries.ts'
import { canEnter, giveTo, type ServerUser } from './server-user.ts'

export const SUPERUSER = 'identity'
const MAJOR_VERSION = '18'

/** A folder that PostgreSQL keeps a cluster in, and the key to it. */
export interface Cluster {
  readonly folder: string
  readonly password: string
}

/**
 * The cluster of a data folder, made at the first start. It lies in the data folder itself, or, where the server's user
 * cannot enter that, in a folder of the system's that a symlink in the data folder names.
 */
export function prepareCluster(
  dataDir: string,
  binaries: string,
  user: ServerUser | undefined,
  sync: boolean,
): Cluster {
  const link = join(dataDir, 'postgres')
  if (!existsSync(link)) {
    // A symlink whose target is gone would be in the way.
    if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link)
    const home = canEnter(dataDir, user) ? dataDir : SHARED_FOLDER
    mkdirSync(home, { recursive: true, mode: 0o755 })
    const made = initialise(home, binaries, user, sync)
    // Last, and in one step: a start that was killed half-way leaves nothing that looks like a cluster.
    if (home === dataDir) renameSync(made, link)
    else symlinkSync(made, link)
  }
  const folder = join(link, 'data')
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
  if (version !== MAJOR_VERSION) {
    throw new Error(
      `${folder} holds data of PostgreSQL ${version}; this version brings PostgreSQL ${MAJOR_VERSION}. ` +
        `Dump the data with the version that wrote it, or set DATA_DIR to another folder.`,
    )
  }
  return { folder, password: readFileSync(join(link, 'password'), 'utf8') }
}

function initialise(home: string, binaries: string, user: ServerUser | undefined, sync: boolean): string {
  const made = mkdtempSync(join(home, 'postgres-'))
  const passwordFile = join(made, 'password')
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  giveTo(user, made)
  giveTo(user, passwordFile)
  const initdb = spawnSync(
    join(binaries, 'initdb'),
    [
      ...['-D', join(made, 'data'), '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...['--encoding=UTF8', '--locale=C', ...(sync ? [] : ['--no-sync'])],
    ],
    { ...user, cwd: made, encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL: 'C' } },
  )
  if (initdb.status !== 0) {
    rmSync(made, { recursive: true, force: true })
    throw new Error(`initdb failed: ${(initdb.stderr || initdb.error?.message || '').trim()}`)
  }
  return made
}
