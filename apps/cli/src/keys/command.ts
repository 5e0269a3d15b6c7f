import { actionOf } from '../arguments.ts'
import type { Command } from '../run.ts'
import { createOne } from './create.ts'
import { listAll } from './list.ts'
import { revokeOne } from './revoke.ts'

const USAGE = `Usage: identity keys create --workspace NAME --scope read|identify|admin [--name TEXT] [--expires WHEN]
       identity keys list [--workspace NAME]
       identity keys revoke ID

create   makes a key, and the workspace if there is none of that name. The key is shown once
         --scope    read: look persons up and preview; identify: that, and identify; admin: everything
         --name     who is to hold it, in words
         --expires  a time such as 2030-01-31 or 2030-01-31T12:00:00Z (UTC), or a span such as 90d or 12h
list     shows all keys but their secrets
revoke   ends a key; running servers refuse it within a second. ID is what list shows, or the key itself`

const ACTIONS = { create: createOne, list: listAll, revoke: revokeOne } as const

/** `identity keys` */
export const keysCommand: Command = {
  summary: 'makes, lists and revokes API keys',
  usage: USAGE,
  run: ([name = '', ...args], context) => actionOf('keys', ACTIONS, name)(args, context),
}
