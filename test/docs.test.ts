import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const documents = globSync(['*.md', 'docs/**/*.md', '{apps,packages,examples}/*/README.md', 'benchmarks/README.md'], {
  cwd: root,
})
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

/** Folders that code makes at run time, and the paths of HTTP. */
const NOT_FILES = /^(node_modules|\.data|DATA_DIR|(benchmarks\/)?results)\b|^\//

function read(document: string): string {
  return readFileSync(join(root, document), 'utf8')
}

describe.each(documents)('%s', (document) => {
  it('names only files that exist', () => {
    const inCode = [...read(document).matchAll(/`([\w.@-]+(?:\/[\w.@-]+)+)`/g)].map((match) => match[1]!)
    const paths = inCode.filter(
      (path) => !NOT_FILES.test(path) && !path.startsWith('@') && !path.startsWith('application/'),
    )
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('links only to files that exist', () => {
    const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1]!)
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([])
  })

  it('names only commands that exist', () => {
    const names = [...read(document).matchAll(/(?:^|`)npm (?:run )?([\w:-]+)/gm)].map((match) => match[1]!)
    expect(names.filter((name) => name !== 'install' && !(name in scripts))).toEqual([])
  })
})

it('every decision is in the list', () => {
  const list = read('docs/decisions/README.md')
  const records = globSync('0*.md', { cwd: join(root, 'docs/decisions') })
  expect(records.filter((record) => !list.includes(`(${record})`))).toEqual([])
})
