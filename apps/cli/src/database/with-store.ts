import type { IdentityStore } from '@identity/core'
import { PostgresStore, type PostgresStoreOptions } from '@identity/core/postgres'
import type { Environment } from '../settings.ts'
import { withWorkspace } from './with-workspace.ts'

/** A person of ten thousand contacts takes seconds. */
const TIMEOUT_MS = 60_000

/** The work's view of the database: one workspace of it. */
export interface OpenStore {
  readonly store: IdentityStore
  readonly workspaceId: number
}

/**
 * Runs the work on the service's own store.
 * @param workspace its name; undefined: the one that every installation has
 * @param options of the store, where they are others than a correction's
 * @throws Failure where there is no workspace of that name
 */
export function withStore<T>(
  env: Environment,
  workspace: string | undefined,
  work: (open: OpenStore) => Promise<T>,
  options: PostgresStoreOptions = { timeoutMs: TIMEOUT_MS },
): Promise<T> {
  return withWorkspace(
    env,
    workspace,
    (pool, workspaceId) => work({ store: new PostgresStore(pool, options), workspaceId }),
    { statementTimeoutMs: TIMEOUT_MS },
  )
}
