import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))

let newestMs: number | undefined

/** When the newest migration of this version was made, in milliseconds since 1970. */
export function newestMigrationMs(): number {
  newestMs ??= readNewestMs()
  return newestMs
}

function readNewestMs(): number {
  const journal = readFileSync(join(MIGRATIONS_FOLDER, 'meta/_journal.json'), 'utf8')
  const { entries } = JSON.parse(journal) as { entries: ReadonlyArray<{ when: number }> }
  return entries.at(-1)!.when
}
