import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './command.ts'

export interface Package {
  readonly name: string
  readonly version: string
  readonly folder: string
  readonly isPublic: boolean
}

/** All that can have a version; the examples and the benchmarks never do. */
export function readPackages(root: string): Package[] {
  return globSync('{apps,packages}/*/package.json', { cwd: root })
    .toSorted()
    .map((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path), 'utf8'))
      return {
        name: manifest.name,
        version: manifest.version,
        folder: join(root, dirname(path)),
        isPublic: !manifest.private,
      }
    })
}

/** Builds what is published, and what that needs. */
export function buildPackages(root: string): void {
  const filters = readPackages(root)
    .filter(({ isPublic }) => isPublic)
    .flatMap(({ name }) => ['--filter', `${name}...`])
  run(root, 'pnpm', ...filters, 'run', 'build')
}
