import { setTimeout as delay } from 'node:timers/promises'
import { canonicalPattern } from '@identity/core'
import { applyBlocks } from '@identity/core/postgres'
import { actionOf, parseAction, wholeNumber } from '../arguments.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Command, Context } from '../run.ts'
import { readRegion } from '../settings.ts'
import { kind } from './policy.ts'
import { withRules } from './with-rules.ts'

const USAGE = `Usage: identity block list [--workspace NAME]
       identity block preview KIND PATTERN [--workspace NAME]
       identity block add KIND PATTERN [--workspace NAME]
       identity block remove ID [--workspace NAME]
       identity block apply [--workspace NAME]

KIND is email or phone. PATTERN is a value or, with one * at either end, all that begin or end alike: '*@example.com', '0000*'.

list      shows the rules, and whether each is applied to all there is
preview   says what applying a rule would do to the persons there are, and writes nothing
add       blocks; done when every server works by it. Running servers apply it to the persons there are, in the background
remove    unblocks. It takes nothing back: the value links whoever brings it next
apply     applies what is not applied yet, also where no server runs; safe to stop and to start again`

const POLL_MS = 500
const PATIENCE_MS = 30_000

const ACTIONS = { list, preview, add, remove, apply } as const

/** `identity block` */
export const blockCommand: Command = {
  summary: 'lists, previews, adds, removes and applies block rules',
  usage: USAGE,
  run: ([name = '', ...args], context) => actionOf('block', ACTIONS, name)(args, context),
}

async function list(args: string[], context: Context): Promise<ExitCode> {
  const { values } = parseAction(args, {})
  const rules = await withRules(context, values.workspace, ({ rules, workspaceId }) => rules.blockRules(workspaceId))
  for (const { id, kind, pattern, isApplied, createdAt } of rules) {
    console.log([id, kind, pattern, isApplied ? 'applied' : 'being applied', createdAt.toISOString()].join('\t'))
  }
  return EXIT.ok
}

async function preview(args: string[], context: Context): Promise<ExitCode> {
  const { workspace, rule } = readRule(args, context)
  const found = await withRules(context, workspace, ({ rules, workspaceId }) => rules.previewBlock(workspaceId, rule))
  const { persons, splitPersons, partsAfter, sample, isComplete } = found
  const bound = isComplete ? '' : 'at least '
  console.log(
    `This would touch ${bound}${persons} persons and split ${bound}${splitPersons} of them, into ${bound}${partsAfter}.`,
  )
  if (sample.length > 0) console.log(`For example the persons ${sample.join(', ')}.`)
  return EXIT.ok
}

async function add(args: string[], context: Context): Promise<ExitCode> {
  const { workspace, rule } = readRule(args, context)
  const { id } = await withRules(context, workspace, ({ rules, workspaceId }) =>
    rules.addBlockRule(workspaceId, rule.kind, rule.pattern),
  )
  console.log(id)
  console.error(
    'Every server works by it. Running servers apply it in the background; identity block apply does so, too.',
  )
  return EXIT.ok
}

async function remove(args: string[], context: Context): Promise<ExitCode> {
  const { values, words } = parseAction(args, {}, ['the ID of a rule'])
  const id = wholeNumber('ID', words[0]!)
  const wasThere = await withRules(context, values.workspace, ({ rules, workspaceId }) =>
    rules.removeBlockRule(workspaceId, id),
  )
  console.error(
    wasThere ? `Rule ${id} is removed.` : `There is no rule ${id}; identity block list shows those there are.`,
  )
  return wasThere ? EXIT.ok : EXIT.failed
}

async function apply(args: string[], context: Context): Promise<ExitCode> {
  const { values } = parseAction(args, {})
  await withRules(context, values.workspace, async ({ pool, workspaceId }) => {
    for (;;) {
      const outcome = await applyOnce(applyBlocks(pool, workspaceId, { patienceMs: PATIENCE_MS }), context)
      if (outcome === 'done') return
      // The rules have changed: those there are now are applied from the start.
      await delay(POLL_MS)
    }
  })
  console.error('All block rules are applied.')
  return EXIT.ok
}

/** Takes all steps of a pass. @throws AbortSignal.reason after the step in which the command is stopped */
async function applyOnce(steps: ReturnType<typeof applyBlocks>, { signal }: Context): Promise<'wait' | 'done'> {
  for (;;) {
    signal.throwIfAborted()
    const { value: outcome } = await steps.next()
    if (outcome) return outcome
  }
}

/** A rule in canonical form. @throws IdentityError for a pattern that is none */
function readRule(args: string[], { env }: Context) {
  const { values, words } = parseAction(args, {}, ['KIND', 'PATTERN'])
  const ruled = kind(words[0]!)
  const pattern = canonicalPattern(ruled, words[1]!, { defaultRegion: readRegion(env.DEFAULT_REGION) })
  return { workspace: values.workspace, rule: { kind: ruled, pattern } }
}
