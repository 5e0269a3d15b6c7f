import { DEFAULT_WORKSPACE_ID, type IdentityStore } from '@identity/core'
import { Pool, PostgresStore, type PostgresStoreOptions } from '@identity/core/postgres'
import type { Environment } from '../settings.ts'
import { openCommandDatabase } from './command-database.ts'
import { workspaceNamed } from './workspace-named.ts'

/** A person of ten thousand contacts takes seconds. */
const TIMEOUT_MS = 60_000

/** The work's view of the database: one workspace of it. */
export interface OpenStore {
  readonly store: IdentityStore
  readonly workspaceId: number
  readonly url: string
}

/**
 * Runs the work on the service's own store.
 * @param workspace its name; undefined: the one that every installation has
 * @param options of the store, where they are others than a correction's
 */
export async function withStore<T>(
  env: Environment,
  workspace: string | undefined,
  work: (open: OpenStore) => Promise<T>,
  options: PostgresStoreOptions = { timeoutMs: TIMEOUT_MS },
): Promise<T> {
  await using database = await openCommandDatabase(env)
  const { url } = database
  const workspaceId = workspace === undefined ? DEFAULT_WORKSPACE_ID : await workspaceNamed(workspace, url)
  const pool = new Pool(url, { statementTimeoutMs: TIMEOUT_MS })
  try {
    return await work({ store: new PostgresStore(pool, options), workspaceId, url })
  } finally {
    await pool.end()
  }
}
