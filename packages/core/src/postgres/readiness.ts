import type { Client } from './client.ts'
import { newestMigrationMs } from './migrations.ts'
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

/**
 * Asks the database whether it can serve.
 * @throws Error where it does not answer; it is asked once
 */
export async function readReadiness(pool: Pool): Promise<Readiness> {
  return await pool.use(readinessOf)
}

/** The same over one connection. */
export async function readinessOf(client: Client): Promise<Readiness> {
  try {
    const { migratedAtMs, hasTables, isReadOnly } = await readServingState(client)
    return { isMigrated: hasTables && migratedAtMs >= newestMigrationMs(), isReadOnly }
  } catch (error) {
    if (MISSING.includes(codeOf(error))) return { isMigrated: false, isReadOnly: false }
    throw error
  }
}
