import { PostgresWebhooks } from '@identity/core/postgres'
import { actionOf, parseAction, wholeNumber } from './arguments.ts'
import { withWorkspace } from './database/with-workspace.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { Command, Context } from './run.ts'

const USAGE = `Usage: identity webhooks list [--workspace NAME]
       identity webhooks enable ID [--workspace NAME]
       identity webhooks disable ID [--workspace NAME]
       identity webhooks dead-letters [--workspace NAME]
       identity webhooks retry ID [--workspace NAME]

list           shows the endpoints of a workspace (default: default), without their secrets
enable         sends an endpoint what happened since it was disabled, and what happens
disable        sends it nothing more; running servers notice within a second or so
dead-letters   shows events that an endpoint did not acknowledge however often they were sent
retry          has all dead letters of an endpoint sent again, by the running servers

Endpoints are made over the API, which shows each secret once.`

const PAGE_SIZE = 1_000

const ACTIONS = {
  list,
  enable: (args: string[], context: Context) => setEnabled(args, context, true),
  disable: (args: string[], context: Context) => setEnabled(args, context, false),
  'dead-letters': listDeadLetters,
  retry,
} as const

/** `identity webhooks` */
export const webhooksCommand: Command = {
  summary: 'lists, enables and disables webhook endpoints, lists and sends again what did not arrive',
  usage: USAGE,
  run: ([name = '', ...args], context) => actionOf('webhooks', ACTIONS, name)(args, context),
}

async function list(args: string[], context: Context): Promise<ExitCode> {
  const { values } = parseAction(args, {})
  const endpoints = await withWebhooks(context, values.workspace, (webhooks, workspaceId) =>
    webhooks.endpoints(workspaceId),
  )
  for (const { id, url, types, disabledAt, disabledReason } of endpoints) {
    const state = disabledAt ? `disabled ${disabledAt.toISOString()} (${disabledReason})` : 'enabled'
    console.log([id, url, types?.join(',') ?? 'all', state].join('\t'))
  }
  return EXIT.ok
}

async function setEnabled(args: string[], context: Context, enabled: boolean): Promise<ExitCode> {
  const { values, words } = parseAction(args, {}, ['the ID of an endpoint'])
  const id = wholeNumber('ID', words[0]!)
  await withWebhooks(context, values.workspace, (webhooks, workspaceId) =>
    webhooks.updateEndpoint(workspaceId, id, { enabled }),
  )
  console.error(`Endpoint ${id} is ${enabled ? 'enabled' : 'disabled'}.`)
  return EXIT.ok
}

async function listDeadLetters(args: string[], context: Context): Promise<ExitCode> {
  const { values } = parseAction(args, {})
  await withWebhooks(context, values.workspace, async (webhooks, workspaceId) => {
    for (let after: number | undefined; ; ) {
      const page = await webhooks.deadLetters(workspaceId, { after, limit: PAGE_SIZE })
      for (const { id, endpointId, eventId, attempts, error, status, at, retryRequestedAt } of page) {
        const why = status === null ? error : `${error} ${status}`
        const state = retryRequestedAt ? 'to be sent again' : 'dead'
        console.log([id, endpointId, eventId, attempts, why, at.toISOString(), state].join('\t'))
      }
      if (page.length < PAGE_SIZE) return
      after = page.at(-1)!.id
    }
  })
  return EXIT.ok
}

async function retry(args: string[], context: Context): Promise<ExitCode> {
  const { values, words } = parseAction(args, {}, ['the ID of an endpoint'])
  const id = wholeNumber('ID', words[0]!)
  const count = await withWebhooks(context, values.workspace, (webhooks, workspaceId) =>
    webhooks.retryDeadLetters(workspaceId, id),
  )
  console.error(`${count} dead letters of endpoint ${id} are to be sent again.`)
  return EXIT.ok
}

function withWebhooks<T>(
  context: Context,
  workspace: string | undefined,
  work: (webhooks: PostgresWebhooks, workspaceId: number) => Promise<T>,
): Promise<T> {
  return withWorkspace(context.env, workspace, (pool, workspaceId) => work(new PostgresWebhooks(pool), workspaceId))
}
