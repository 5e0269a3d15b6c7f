import { Pool } from '@identity/core/postgres'
import type { Context } from '../run.ts'
import { openCommandDatabase } from './command-database.ts'
import { workspaceNamed } from './workspace-named.ts'

/** The workspace that a command is about where none is named. */
const DEFAULT_WORKSPACE = 'default'

/** Runs the work on a workspace, over one connection. @throws Failure where there is none of that name */
export async function withPool<T>(
  { env }: Context,
  workspace: string | undefined,
  work: (pool: Pool, workspaceId: number) => Promise<T>,
): Promise<T> {
  await using database = await openCommandDatabase(env)
  const workspaceId = await workspaceNamed(workspace ?? DEFAULT_WORKSPACE, database.url)
  const pool = new Pool(database.url, { maxConnections: 1 })
  try {
    return await work(pool, workspaceId)
  } finally {
    await pool.end()
  }
}
