import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Another process that is alive holds the folder. */
export class DataDirInUse extends Error {
  override readonly name = 'DataDirInUse'
}

/**
 * Holds a folder for this process. SQLite's exclusive lock is the kernel's: it is taken in one step and goes with the
 * process however that ends, so that no stale lock is ever left behind by kill -9 (which a file with a pid would be).
 * @returns the function that lets go
 * @throws DataDirInUse
 */
export function lockDataDir(dataDir: string): () => void {
  const database = new DatabaseSync(join(dataDir, 'server.lock'), { timeout: 0 })
  try {
    database.exec('begin exclusive')
  } catch (cause) {
    database.close()
    throw new DataDirInUse(`another running process uses the folder ${dataDir}`, { cause })
  }
  return () => database.close()
}
