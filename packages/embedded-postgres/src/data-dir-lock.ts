import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { inheritOwner } from './server-user.ts'

const SQLITE_BUSY = 5

/** Another process that is alive holds the folder. */
export class DataDirInUse extends Error {
  override readonly name = 'DataDirInUse'
}

/**
 * Holds a folder for this process. SQLite's write lock is the kernel's: it is taken in one step and goes with the
 * process however that ends, so that no stale lock is ever left behind by kill -9 (which a file with a pid would be).
 * @returns the function that lets go
 * @throws DataDirInUse
 */
export function lockDataDir(dataDir: string): () => void {
  const file = join(dataDir, 'server.lock')
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // Not `exclusive`, which takes two steps: of two at the same instant, each could keep the other from the second.
    // Nothing is ever written, and a journal that kill -9 leaves would have to be rolled back under just such a lock.
    database.exec('pragma journal_mode = memory; begin immediate')
    inheritOwner(file)
  } catch (cause) {
    database.close()
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause
    throw new DataDirInUse(`another running process uses the folder ${dataDir}`, { cause })
  }
  return () => {
    if (database.isOpen) database.close()
  }
}
