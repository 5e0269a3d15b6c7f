import type { Client } from '../client.ts'

export interface ServingState {
  /** When the newest migration that was applied was made, in milliseconds since 1970; 0 where there was none. */
  readonly migratedAtMs: number
  readonly hasTables: boolean
  readonly isReadOnly: boolean
}

/** What health checks ask. The table of migrations has a row each, and is drizzle's. */
export async function readServingState(db: Client): Promise<ServingState> {
  const [row] = await db<[{ migrated_at_ms: number; has_tables: boolean; is_read_only: boolean }]>`
    /* identity:read-serving-state */
    select
      coalesce((select max(created_at) from drizzle.__drizzle_migrations), 0)::bigint as migrated_at_ms,
      num_nulls(to_regclass('contact'), to_regclass('change'), to_regclass('api_key')) = 0 as has_tables,
      pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as is_read_only`
  return { migratedAtMs: row.migrated_at_ms, hasTables: row.has_tables, isReadOnly: row.is_read_only }
}
