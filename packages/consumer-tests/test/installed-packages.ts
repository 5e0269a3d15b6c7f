import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const STORE = fileURLToPath(new URL('../../../node_modules/.pnpm', import.meta.url))

export interface Manifest {
  readonly name: string
  readonly version: string
}

export interface InstalledPackage {
  readonly folder: string
  readonly manifest: Manifest
}

/** Every version of a package that this workspace has installed, for whatever reason. */
export function installedVersions(name: string): InstalledPackage[] {
  const folders = globSync(`${name.replace('/', '+')}@*/node_modules/${name}`, { cwd: STORE })
  const byVersion = new Map<string, InstalledPackage>()
  for (const folder of folders.map((path) => join(STORE, path))) {
    const manifestFile = join(folder, 'package.json')
    if (!existsSync(manifestFile)) continue
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest
    byVersion.set(manifest.version, { folder, manifest })
  }
  return [...byVersion.values()]
}
