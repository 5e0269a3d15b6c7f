import { changelogEntry } from './changelog.ts'
import type { Packed } from './pack.ts'
import type { Package } from './packages.ts'

const number = new Intl.NumberFormat('en')

/** What a package becomes, in lines for the terminal; `packed` is left out for one that is not published. */
export function reportPackage(oldVersion: string, released: Package, packed?: Packed): string {
  const { name, version } = released
  const lines = [`\n${name} ${oldVersion} → ${version}${packed ? '' : ', private: not published'}`]
  if (packed) lines.push('', ...fileLines(packed))
  lines.push(
    '',
    ...changelogEntry(released)
      .split('\n')
      .map((line) => `  │ ${line}`.trimEnd()),
  )
  return lines.join('\n')
}

function fileLines({ bytes, files }: Packed): string[] {
  const total = files.reduce((sum, { content }) => sum + content.length, 0)
  const rows = [
    ...files.map(({ path, content }) => [content.length, path] as const),
    [total, 'bytes unpacked'] as const,
  ]
  return [...rows, [bytes, 'bytes packed'] as const].map(
    ([size, what]) => `${number.format(size).padStart(12)}  ${what}`,
  )
}
