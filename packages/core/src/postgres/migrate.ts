import { type Client, openClient } from './client.ts'
import { prepareServiceRole } from './isolation.ts'
import { MIGRATIONS_FOLDER } from './migrations.ts'
import { readinessOf } from './readiness.ts'
import { codeOf } from './retry.ts'

/** Any number that nothing else on the database locks. */
const MIGRATION_LOCK = 7_264_001
const OLDEST_VERSION = 15
const LOCK_NOT_AVAILABLE = '55P03'

export interface MigrateOptions {
  /** How long to wait for another server that migrates, milliseconds. @default 60,000 */
  lockTimeoutMs?: number
}

/**
 * Brings the database to this version's schema. Safe when many servers start at once: they take turns, and those that
 * come later find nothing to do. (drizzle's migrator takes no lock of its own.)
 * @throws Error when the server is older than PostgreSQL 15, or when the lock could not be had in time.
 */
export async function migrate(url: string, { lockTimeoutMs = 60_000 }: MigrateOptions = {}): Promise<void> {
  // One connection for all of it: an advisory lock belongs to the connection that took it.
  const client = openClient(url, { statementTimeoutMs: 0 })
  try {
    const [{ version }] = await client<
      [{ version: number }]
    >`select current_setting('server_version_num')::int as version`
    if (version < OLDEST_VERSION * 10_000) {
      throw new Error(`PostgreSQL ${Math.floor(version / 10_000)} is too old; use ${OLDEST_VERSION} or newer.`)
    }
    await client`select set_config('lock_timeout', ${String(lockTimeoutMs)}, false)`
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`.catch((error) => {
      if (codeOf(error) !== LOCK_NOT_AVAILABLE) throw error
      throw new Error(`another server has been migrating this database for ${lockTimeoutMs} ms; see what it does.`, {
        cause: error,
      })
    })
    const { isMigrated } = await readinessOf(client)
    if (!isMigrated) await applyMigrations(client)
    await prepareServiceRole(client)
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** Loads Drizzle only here: that takes as long as all else that a start loads. */
async function applyMigrations(client: Client): Promise<void> {
  const [{ drizzle }, { migrate }] = await Promise.all([
    import('drizzle-orm/postgres-js'),
    import('drizzle-orm/postgres-js/migrator'),
  ])
  await migrate(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER })
}
