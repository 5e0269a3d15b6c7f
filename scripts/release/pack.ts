import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './command.ts'
import type { Package } from './packages.ts'
import { type PackedFile, unpack } from './tarball.ts'

const MUST_HAVE = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']

export interface Packed {
  readonly bytes: number
  readonly files: readonly PackedFile[]
}

/** What `pnpm publish` would upload. */
export function pack({ folder }: Package): Packed {
  const destination = mkdtempSync(join(tmpdir(), 'identity-pack-'))
  try {
    const { filename } = JSON.parse(run(folder, 'pnpm', 'pack', '--json', '--pack-destination', destination))
    return { bytes: statSync(filename).size, files: unpack(filename) }
  } finally {
    rmSync(destination, { recursive: true })
  }
}

/** Why what was packed must not reach users. */
export function packProblems({ name }: Package, { files }: Packed): string[] {
  const missing = [...MUST_HAVE, 'dist/index.js'].filter((path) => !files.some((file) => file.path === path))
  const manifest = files.find(({ path }) => path === 'package.json')?.content.toString() ?? ''
  const unresolved = [...manifest.matchAll(/"[^"]+": "(?:workspace|catalog):[^"]*"/g)].map(([line]) => line)
  return [
    ...missing.map(
      (path) => `The tarball of ${name} lacks ${path}. Add it to the package, and to "files" in its manifest.`,
    ),
    ...unresolved.map((line) => `The packed manifest of ${name} has ${line}, which nobody outside can install.`),
  ]
}
