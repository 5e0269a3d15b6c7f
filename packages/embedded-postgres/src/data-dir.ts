import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { EmbeddedPostgresFailure } from './failure.ts'
import { inheritOwner } from './server-user.ts'

/**
 * The folder, made if need be, by its real path.
 * @throws EmbeddedPostgresFailure where it is a file
 */
export function makeDataDir(path: string): string {
  const dataDir = resolve(path)
  if (!existsSync(dataDir)) {
    mkdirSync(dirname(dataDir), { recursive: true })
    mkdirSync(dataDir, { mode: 0o755 })
    inheritOwner(dataDir)
  }
  if (!statSync(dataDir).isDirectory()) throw new EmbeddedPostgresFailure(`${dataDir} is a file, not a folder`)
  accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  return realpathSync(dataDir)
}
