import { KEY_SCOPES } from '@identity/core'
import { createKey } from '@identity/core/postgres'
import { withDatabase } from '../database/with-database.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { UsageError } from '../failure.ts'
import type { Context } from '../run.ts'
import { parse, timeToCome } from './options.ts'

/** The key is all of standard output, so that a script can take it; what a person reads is beside it. */
export async function createOne(args: string[], { env }: Context): Promise<ExitCode> {
  const { workspace, scope, name, expiresAt } = readOptions(args)
  const made = await withDatabase(env, (db) => createKey(db, { workspace, scope, name, expiresAt }))
  if (made.workspace.isNew) console.error(`Made the workspace ${workspace}, which is empty.`)
  console.error(
    `Key ${made.id} of the workspace ${workspace}: scope ${scope}, ${expiresAt ? `until ${expiresAt.toISOString()}` : 'without an end'}. It is shown this once:`,
  )
  console.log(made.key)
  return EXIT.ok
}

function readOptions(args: string[]) {
  const { values } = parse(args, {
    workspace: { type: 'string' },
    scope: { type: 'string' },
    name: { type: 'string' },
    expires: { type: 'string' },
  })
  const scope = KEY_SCOPES.find((candidate) => candidate === values.scope)
  if (values.workspace === undefined) throw new UsageError('Say whose key it is: --workspace NAME.')
  if (!scope) {
    const found = values.scope === undefined ? 'nothing' : JSON.stringify(values.scope)
    throw new UsageError(`--scope must be ${KEY_SCOPES.join(', ')}; found ${found}.`)
  }
  const expiresAt = values.expires === undefined ? undefined : timeToCome(values.expires)
  return { workspace: values.workspace, scope, name: values.name, expiresAt }
}
