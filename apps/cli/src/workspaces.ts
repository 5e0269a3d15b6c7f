import { listWorkspaces } from '@identity/core/postgres'
import { withDatabase } from './database/with-database.ts'
import { EXIT } from './exit.ts'
import { UsageError } from './failure.ts'
import type { Command } from './run.ts'
import { counted } from './terminal/figures.ts'

const USAGE = `Usage: identity workspaces list

Each workspace with its id and the number of keys that work. identity keys create makes a workspace with its first key.`

/** `identity workspaces` */
export const workspacesCommand: Command = {
  summary: 'lists the workspaces',
  usage: USAGE,
  async run(args, { env }) {
    if (args.length !== 1 || args[0] !== 'list') throw new UsageError('workspaces takes list, and nothing else.')
    const workspaces = await withDatabase(env, listWorkspaces)
    for (const { id, name, usableKeys } of workspaces) console.log(`${id}\t${name}\t${counted(usableKeys, 'key')}`)
    return EXIT.ok
  },
}
