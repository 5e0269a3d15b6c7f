import { DEFAULT_WORKSPACE_ID } from '@identity/core'
import { Pool, type PoolOptions } from '@identity/core/postgres'
import type { Environment } from '../settings.ts'
import { openCommandDatabase } from './command-database.ts'
import { workspaceNamed } from './workspace-named.ts'

/**
 * Runs the work on one workspace of the database, over one connection unless the options say otherwise.
 * @param workspace its name; undefined: the one that every installation has
 * @throws Failure where there is none of that name
 */
export async function withWorkspace<T>(
  env: Environment,
  workspace: string | undefined,
  work: (pool: Pool, workspaceId: number) => Promise<T>,
  options: PoolOptions = { maxConnections: 1 },
): Promise<T> {
  await using database = await openCommandDatabase(env)
  const workspaceId = workspace === undefined ? DEFAULT_WORKSPACE_ID : await workspaceNamed(workspace, database.url)
  const pool = new Pool(database.url, options)
  try {
    return await work(pool, workspaceId)
  } finally {
    await pool.end()
  }
}
