import { actionOf, parseAction, wholeNumber } from '../arguments.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Command, Context } from '../run.ts'
import { withRules } from './with-rules.ts'

const USAGE = `Usage: identity separate keep CONTACT CONTACT [--workspace NAME]
       identity separate list [--contact CONTACT] [--workspace NAME]
       identity separate release ID [--workspace NAME]

keep      says that two contacts, by their ids, are different people: no request joins the persons that they are of
list      shows separations, all or those of a contact
release   ends one`

const PAGE_SIZE = 1_000

const ACTIONS = { keep, list, release } as const

/** `identity separate` */
export const separateCommand: Command = {
  summary: 'keeps two contacts apart, lists and ends separations',
  usage: USAGE,
  run: ([name = '', ...args], context) => actionOf('separate', ACTIONS, name)(args, context),
}

async function keep(args: string[], context: Context): Promise<ExitCode> {
  const { values, words } = parseAction(args, {}, ['two ids of contacts', 'CONTACT'])
  const pair = [wholeNumber('CONTACT', words[0]!), wholeNumber('CONTACT', words[1]!)] as const
  const { id } = await withRules(context, values.workspace, ({ rules, workspaceId }) =>
    rules.separate(workspaceId, pair),
  )
  console.log(id)
  return EXIT.ok
}

async function list(args: string[], context: Context): Promise<ExitCode> {
  const { values } = parseAction(args, { contact: { type: 'string' } })
  const contactId = values.contact === undefined ? undefined : wholeNumber('--contact', values.contact)
  await withRules(context, values.workspace, async ({ rules, workspaceId }) => {
    for (let after: number | undefined; ; ) {
      const page = await rules.separations(workspaceId, { contactId, after, limit: PAGE_SIZE })
      for (const { id, contactIds, createdAt } of page) {
        console.log([id, ...contactIds, createdAt.toISOString()].join('\t'))
      }
      if (page.length < PAGE_SIZE) return
      after = page.at(-1)!.id
    }
  })
  return EXIT.ok
}

async function release(args: string[], context: Context): Promise<ExitCode> {
  const { values, words } = parseAction(args, {}, ['the ID of a separation'])
  const id = wholeNumber('ID', words[0]!)
  const wasThere = await withRules(context, values.workspace, ({ rules, workspaceId }) =>
    rules.releaseSeparation(workspaceId, id),
  )
  console.error(
    wasThere ? `Separation ${id} is released.` : `There is no separation ${id}; identity separate list shows them.`,
  )
  return wasThere ? EXIT.ok : EXIT.failed
}
