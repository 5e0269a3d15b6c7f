import { readMigrationFiles } from 'drizzle-orm/migrator'
import { MIGRATIONS_FOLDER } from './migrate.ts'
import type { Pool } from './pool.ts'
import { codeOf } from './retry.ts'
import { readServingState } from './statements/read-serving-state.ts'

/** What a database must be to serve. */
export interface Readiness {
  /** It has this version's schema, or a later one: those only expand. */
  readonly isMigrated: boolean
  /** It takes no writes: a standby, or set so. */
  readonly isReadOnly: boolean
}

const MISSING = ['42P01', '3F000']
let newestMs: number | undefined

/**
 * Asks the database whether it can serve.
 * @throws Error where it does not answer; it is asked once
 */
export async function readReadiness(pool: Pool): Promise<Readiness> {
  newestMs ??= readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).at(-1)!.folderMillis
  try {
    const { migratedAtMs, hasTables, isReadOnly } = await pool.use(readServingState)
    return { isMigrated: hasTables && migratedAtMs >= newestMs, isReadOnly }
  } catch (error) {
    if (MISSING.includes(codeOf(error))) return { isMigrated: false, isReadOnly: false }
    throw error
  }
}
