import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Bump = 'none' | 'patch' | 'minor' | 'major'

/** A note on a change that is not released yet. */
export interface Changeset {
  readonly bumps: Readonly<Record<string, Bump>>
  readonly text: string
}

/** The changesets in a folder: front matter with a bump for each package, then the text for the changelog. */
export function readChangesets(folder: string): Changeset[] {
  return globSync('*.md', { cwd: folder, exclude: ['README.md'] }).map((file) =>
    parseChangeset(readFileSync(join(folder, file), 'utf8'), file),
  )
}

export function parseChangeset(source: string, file: string): Changeset {
  const [, frontMatter, text] = /^---\n(.*?)^---\n(.*)/ms.exec(source) ?? []
  if (frontMatter === undefined || text === undefined)
    throw new Error(`${file} is no changeset: it must begin with --- and a line such as "@identity/api": minor.`)
  const bumps = [...frontMatter.matchAll(/^["']?(@?[\w/-]+)["']?: (\w+)$/gm)].map(([, name, bump]) => [name, bump])
  return { bumps: Object.fromEntries(bumps), text: text.trim() }
}
