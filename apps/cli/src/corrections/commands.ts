import { type Corrected, sentenceOf } from '@identity/core'
import { withStore } from '../database/with-store.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { UsageError } from '../failure.ts'
import type { Command } from '../run.ts'
import { eventLine, personLine } from './show.ts'
import { COMMON, contactId, endOf, parse } from './words.ts'

const COMMON_USAGE = `  --workspace NAME      the workspace; by default the one that every installation has
  --json                the result as JSON`
const DRY_RUN_USAGE = '  --dry-run             only say what would be done'
const ONE = { atLeast: 1 }

const changing = { ...COMMON, 'dry-run': { type: 'boolean' } } as const

function say(done: Corrected, isJson: boolean | undefined): ExitCode {
  console.log(isJson ? JSON.stringify(done) : done.persons.map(personLine).join('\n'))
  return EXIT.ok
}

/** `identity split` */
export const splitCommand: Command = {
  summary: 'makes contacts of a person a person of their own',
  usage: `Usage: identity split CONTACT_ID... [options]
  --join-again          no separation: an order that has a value of each side joins them again
${DRY_RUN_USAGE}
${COMMON_USAGE}`,
  async run(args, { env }) {
    const options = { ...changing, 'join-again': { type: 'boolean' } } as const
    const { values, positionals } = parse(args, options, { atLeast: 1, atMost: 10_000 })
    const query = { contactIds: positionals.map(contactId), keepApart: !values['join-again'] }
    return withStore(env, values.workspace, async ({ store, workspaceId }) =>
      say(await store.corrections.split(workspaceId, query, { dryRun: values['dry-run'] }), values.json),
    )
  },
}

/** `identity undo` */
export const undoCommand: Command = {
  summary: 'takes a merge back',
  usage: `Usage: identity undo EVENT_ID [options]
${DRY_RUN_USAGE}
${COMMON_USAGE}

The id is that of an event persons.merged, as identity history shows it.`,
  async run(args, { env }) {
    const { values, positionals } = parse(args, changing, ONE)
    return withStore(env, values.workspace, async ({ store, workspaceId }) =>
      say(await store.corrections.undo(workspaceId, positionals[0]!, { dryRun: values['dry-run'] }), values.json),
    )
  },
}

/** `identity delete` */
export const deleteCommand: Command = {
  summary: 'takes a contact out of matching and answers',
  usage: `Usage: identity delete CONTACT_ID [options]
${DRY_RUN_USAGE}
${COMMON_USAGE}

identity restore takes that back; identity erase takes a whole person away for good.`,
  async run(args, { env }) {
    const { values, positionals } = parse(args, changing, ONE)
    const id = contactId(positionals[0]!)
    return withStore(env, values.workspace, async ({ store, workspaceId }) =>
      say(await store.corrections.deleteContact(workspaceId, id, { dryRun: values['dry-run'] }), values.json),
    )
  },
}

/** `identity restore` */
export const restoreCommand: Command = {
  summary: 'takes the deletion of a contact back',
  usage: `Usage: identity restore CONTACT_ID [options]
${DRY_RUN_USAGE}
${COMMON_USAGE}`,
  async run(args, { env }) {
    const { values, positionals } = parse(args, changing, ONE)
    const id = contactId(positionals[0]!)
    return withStore(env, values.workspace, async ({ store, workspaceId }) =>
      say(await store.corrections.restoreContact(workspaceId, id, { dryRun: values['dry-run'] }), values.json),
    )
  },
}

/** `identity explain` */
export const explainCommand: Command = {
  summary: 'says why two values or contacts are of one person',
  usage: `Usage: identity explain FROM TO [options]
${COMMON_USAGE}

FROM and TO are each an e-mail address, a phone number, or the id of a contact as #7. What it says holds values.`,
  async run(args, { env }) {
    const { values, positionals } = parse(args, COMMON, { atLeast: 2 })
    const [from, to] = positionals.map((text) => endOf(text, env))
    return withStore(env, values.workspace, async ({ store, workspaceId }) => {
      const explanation = await store.inquiries.explain(workspaceId, from!, to!)
      console.log(values.json ? JSON.stringify(explanation) : sentenceOf(explanation))
      return EXIT.ok
    })
  },
}

const EVENTS_A_PAGE = 1_000

/** `identity history` */
export const historyCommand: Command = {
  summary: 'lists what happened to a person, by ids alone',
  usage: `Usage: identity history CONTACT_ID [options]
  --as-of TIME          the person as it was then, instead: ISO 8601, such as 2024-05-01T00:00:00Z
${COMMON_USAGE}`,
  async run(args, { env }) {
    const { values, positionals } = parse(args, { ...COMMON, 'as-of': { type: 'string' } } as const, ONE)
    const id = contactId(positionals[0]!)
    const at = values['as-of'] === undefined ? undefined : time(values['as-of'])
    return withStore(env, values.workspace, async ({ store, workspaceId }) => {
      if (at) {
        const past = await store.inquiries.asOf(workspaceId, id, at)
        const note = past.isComplete ? '' : '\nThe log does not tell all of it: this is what is known.'
        console.log(values.json ? JSON.stringify(past) : `${past.person ? personLine(past.person) : 'deleted'}${note}`)
        return EXIT.ok
      }
      for (let after: string | undefined; ; ) {
        const events = await store.inquiries.history(workspaceId, id, { after, limit: EVENTS_A_PAGE })
        for (const event of events) console.log(values.json ? JSON.stringify(event) : eventLine(event))
        if (events.length < EVENTS_A_PAGE) return EXIT.ok
        after = events.at(-1)!.id
      }
    })
  },
}

function time(text: string): Date {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new UsageError(`--as-of must be a time such as 2024-05-01T00:00:00Z; found ${JSON.stringify(text)}.`)
}
