import { type FoundValue, findValues } from '@identity/core/postgres'
import { withDatabase } from '../database/with-database.ts'
import { withStore } from '../database/with-store.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { UsageError } from '../failure.ts'
import type { Command, Context } from '../run.ts'
import { COMMON, contactId, identifier, parse } from './words.ts'

const REASON = /^[A-Za-z][A-Za-z _-]{0,63}$/

/** `identity erase` */
export const eraseCommand: Command = {
  summary: 'erases a person for good, or proves that nothing of one is left',
  usage: `Usage: identity erase CONTACT_ID [options]
       identity erase --check EMAIL_OR_PHONE...
  --reason TEXT         why: letters, spaces, - and _, kept in the event; it must name nobody
  --dry-run             only say what would go
  --check               looks for values in every table, of all workspaces; exit code 4 where one is left
  --workspace NAME      the workspace; by default the one that every installation has
  --json                the result as JSON

Takes all contacts of the person and every value away; an event with ids alone remains. Nothing takes that back.`,
  async run(args, context) {
    const options = {
      ...COMMON,
      'dry-run': { type: 'boolean' },
      reason: { type: 'string' },
      check: { type: 'boolean' },
    } as const
    const { values, positionals } = parse(args, options, { atLeast: 1, atMost: args.includes('--check') ? 100 : 1 })
    if (values.check) return checkValues(positionals, values.json ?? false, context)
    const { reason = null } = values
    if (reason !== null && !REASON.test(reason)) {
      throw new UsageError('--reason must be 1 to 64 letters, spaces, - and _, beginning with a letter.')
    }
    const query = { contactId: contactId(positionals[0]!), reason }
    return withStore(context.env, values.workspace, async ({ store, workspaceId }) => {
      const dryRun = values['dry-run'] ?? false
      const gone = await store.corrections.erase(workspaceId, query, { dryRun })
      const verb = dryRun ? 'Would go' : 'Gone'
      const line = `${verb}: contacts ${gone.contactIds.join(', ')}, and ${gone.identifierCount} values.`
      console.log(values.json ? JSON.stringify(gone) : line)
      return EXIT.ok
    })
  },
}

/** Says where a value is left, without the value. */
async function checkValues(texts: readonly string[], isJson: boolean, { env }: Context): Promise<ExitCode> {
  const wanted = texts.map((text) => identifier(text, env).value)
  const found = await withDatabase(env, (client) => findValues(client, wanted), { statementTimeoutMs: 0 })
  console.log(isJson ? JSON.stringify(found) : linesOf(found).join('\n'))
  return found.length === 0 ? EXIT.ok : EXIT.faultsFound
}

function linesOf(found: readonly FoundValue[]): string[] {
  if (found.length === 0) return ['No table holds any of these values.']
  return found.map(
    ({ table, column, rows }) => `${table}.${column} holds one of them in ${rows} ${rows === 1 ? 'row' : 'rows'}.`,
  )
}
