import { idOfKey, revokeKey } from '@identity/core/postgres'
import { withDatabase } from '../database/with-database.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { Failure, UsageError } from '../failure.ts'
import type { Context } from '../run.ts'
import { parse } from './options.ts'

/** Ends a key; to do it again changes nothing. */
export async function revokeOne(args: string[], { env }: Context): Promise<ExitCode> {
  const id = idOfKey(parse(args, {}, 1).words[0]!)
  // Not shown: it may be most of a key.
  if (id === undefined) throw new UsageError('What was given is no ID of a key; identity keys list shows them.')
  const revokedAt = await withDatabase(env, (db) => revokeKey(db, id))
  if (!revokedAt) throw new Failure(`There is no key ${id} here; identity keys list shows those there are.`)
  console.error(`Key ${id} is revoked, since ${revokedAt.toISOString()}. Running servers refuse it within a second.`)
  return EXIT.ok
}
