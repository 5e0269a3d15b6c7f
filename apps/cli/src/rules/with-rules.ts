import { type Pool, PostgresRules } from '@identity/core/postgres'
import { withWorkspace } from '../database/with-workspace.ts'
import type { Context } from '../run.ts'

/** What a command has to work with. */
export interface RulesAtHand {
  readonly rules: PostgresRules
  readonly workspaceId: number
  readonly pool: Pool
}

/** Runs the work on the rules of a workspace. @throws Failure where there is none of that name */
export function withRules<T>(
  context: Context,
  workspace: string | undefined,
  work: (atHand: RulesAtHand) => Promise<T>,
): Promise<T> {
  return withWorkspace(context.env, workspace, (pool, workspaceId) =>
    work({ rules: new PostgresRules(pool), workspaceId, pool }),
  )
}
