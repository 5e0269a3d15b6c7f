import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Package } from './packages.ts'

/** What the package's changelog says of its version. */
export function changelogEntry({ folder, version }: Package): string {
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')
  const entry = changelog.split(/^## /m).find((section) => section.startsWith(`${version}\n`))
  if (!entry) throw new Error(`${join(folder, 'CHANGELOG.md')} says nothing of ${version}.`)
  return `## ${entry}`.trim()
}
