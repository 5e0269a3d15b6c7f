import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { Pool, PostgresRules } from '@identity/core/postgres'
import { openCommandDatabase } from '../database.ts'
import { UsageError } from '../failure.ts'
import type { Context } from '../run.ts'
import { workspaceNamed } from '../workspace-named.ts'

/** The workspace that a command is about where none is named. */
const DEFAULT_WORKSPACE = 'default'

/** What a command has to work with. */
export interface RulesAtHand {
  readonly rules: PostgresRules
  readonly workspaceId: number
  readonly pool: Pool
}

/** Runs the work on the rules of a workspace. @throws Failure where there is none of that name */
export async function withRules<T>(
  { env }: Context,
  workspace: string | undefined,
  work: (atHand: RulesAtHand) => Promise<T>,
): Promise<T> {
  await using database = await openCommandDatabase(env)
  const workspaceId = await workspaceNamed(workspace ?? DEFAULT_WORKSPACE, database.url)
  const pool = new Pool(database.url, { maxConnections: 1 })
  try {
    return await work({ rules: new PostgresRules(pool), workspaceId, pool })
  } finally {
    await pool.end()
  }
}

/** The options and words of an action; all take --workspace. @throws UsageError */
export function parse<T extends ParseArgsOptionsConfig>(args: string[], options: T, words: readonly string[] = []) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...options, workspace: { type: 'string' } } as T & { workspace: { type: 'string' } },
      allowPositionals: true,
    })
    if (positionals.length === words.length) return { values, words: positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  throw new UsageError(words.length === 0 ? 'This takes options only.' : `This takes ${words.join(' ')}.`)
}

/** A positive whole number. @throws UsageError */
export function wholeNumber(what: string, text: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text)
  throw new UsageError(`${what} must be a whole number from 1; found ${JSON.stringify(text)}.`)
}

/** The action that a name stands for. @throws UsageError where it stands for none */
export function actionOf<Action>(command: string, actions: Readonly<Record<string, Action>>, name: string): Action {
  if (Object.hasOwn(actions, name)) return actions[name]!
  const found = name === '' ? 'nothing' : JSON.stringify(name)
  throw new UsageError(`${command} takes ${Object.keys(actions).join(', ')}; found ${found}.`)
}
