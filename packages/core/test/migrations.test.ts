import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'

const FOLDER = join(import.meta.dirname, '../migrations')
const migrations = globSync('*.sql', { cwd: FOLDER }).sort()

/**
 * What the version before, which still runs during a rolling update, would fail on: something it names is gone or has
 * another name or type, or something it does not fill in is demanded.
 */
const CONTRACTIONS = [
  /\bdrop (table|column|schema|sequence|type)\b/i,
  /\brename\b/i,
  /\bset not null\b/i,
  /\balter column\b.*\btype\b/i,
  /\badd column\b(?!.*\bdefault\b).*\bnot null\b/i,
]

/**
 * Migrations that contract on purpose, each announced as breaking: a version that still needs what they take away must
 * not run beside the new one (docs/releasing.md).
 */
const ALLOWED: readonly string[] = ['0011_claims']

it.each(migrations)('%s only expands, so that the version before can go on while servers are updated', (file) => {
  const statements = readFileSync(join(FOLDER, file), 'utf8').split('--> statement-breakpoint')
  const contractions = statements.filter((statement) => CONTRACTIONS.some((pattern) => pattern.test(statement)))
  if (!ALLOWED.includes(basename(file, '.sql'))) expect(contractions).toEqual([])
})
