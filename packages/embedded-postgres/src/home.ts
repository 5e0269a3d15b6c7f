import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { EmbeddedPostgresFailure } from './failure.ts'
import { canEnter, giveTo, type ServerUser } from './server-user.ts'

/** Where root keeps what an unprivileged user must reach, when the data folder lies out of that user's reach. */
const SHARED_FOLDER = '/var/lib/identity-postgres'
const SCRATCH = 'unfinished-'

/**
 * The folder for all that PostgreSQL's user must reach: `postgres` in the data folder, or, where that user cannot enter
 * the data folder, a folder of the system's that a symlink in its place names. What a killed start left is deleted, so
 * only the holder of the data folder's lock may call it.
 */
export function makeHome(dataDir: string, user: ServerUser | undefined): string {
  const place = join(dataDir, 'postgres')
  if (!existsSync(place)) {
    // A symlink whose target is gone would be in the way.
    rmSync(place, { force: true })
    if (canEnter(dataDir, user)) mkdirSync(place, { mode: 0o700 })
    else symlinkSync(makeSharedFolder(), place)
  }
  const home = realpathSync(place)
  giveTo(user, home)
  if (!canEnter(home, user)) {
    throw new EmbeddedPostgresFailure(
      `user ${user?.uid}, whom PostgreSQL runs as, can no longer enter ${home}; let him pass the folders above it`,
    )
  }
  for (const name of readdirSync(home)) if (name.startsWith(SCRATCH)) deleteTree(join(home, name))
  return home
}

function makeSharedFolder(): string {
  mkdirSync(SHARED_FOLDER, { recursive: true })
  // Not by mkdir's mode, which a strict umask of root's would cut.
  chmodSync(SHARED_FOLDER, 0o755)
  return mkdtempSync(join(SHARED_FOLDER, 'postgres-'))
}

/** Makes a folder's content in a scratch place and moves it in one step: a start that is killed leaves no half of it. */
export async function makeWhole(path: string, home: string, make: (scratch: string) => Promise<void>): Promise<void> {
  const scratch = mkdtempSync(join(home, SCRATCH))
  try {
    await make(scratch)
    renameSync(join(scratch, basename(path)), path)
  } finally {
    deleteTree(scratch)
  }
}

/** The initdb of a killed start may be writing there still, or be deleting it itself, which ends rmSync half-way. */
function deleteTree(path: string): void {
  while (existsSync(path)) rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 })
}
