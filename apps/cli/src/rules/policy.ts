import type { PolicyChoices } from '@identity/core'
import { actionOf, parseAction, wholeNumber } from '../arguments.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { UsageError } from '../failure.ts'
import type { Command, Context } from '../run.ts'
import { withRules } from './with-rules.ts'

const USAGE = `Usage: identity policy show [--workspace NAME]
       identity policy set [--workspace NAME] [options]

show   says what the workspace (default: default) limits and blocks beside its block rules
set    changes what is named and leaves the rest; done when every server works by it
       --block-junk on|off        the preset of the usual junk, such as *@example.com and 0000*
       --max-emails N|none        e-mails a person at the most
       --max-phones N|none        phone numbers a person at the most
       --priority email|phone     whose person answers where two may not be joined
       --suspect-after N|none     an identifier is suspect once it has met more different counterparts
       --block-suspects on|off    whether suspects are blocked by themselves`

const ACTIONS = { show, set } as const

/** `identity policy` */
export const policyCommand: Command = {
  summary: 'shows and changes what a workspace limits and blocks',
  usage: USAGE,
  run: ([name = '', ...args], context) => actionOf('policy', ACTIONS, name)(args, context),
}

async function show(args: string[], context: Context): Promise<ExitCode> {
  const { values } = parseAction(args, {})
  print(await withRules(context, values.workspace, ({ rules, workspaceId }) => rules.policy(workspaceId)))
  return EXIT.ok
}

async function set(args: string[], context: Context): Promise<ExitCode> {
  const { values } = parseAction(args, {
    'block-junk': { type: 'string' },
    'max-emails': { type: 'string' },
    'max-phones': { type: 'string' },
    priority: { type: 'string' },
    'suspect-after': { type: 'string' },
    'block-suspects': { type: 'string' },
  })
  const said = {
    blockJunk: given(values['block-junk'], (text) => flag('--block-junk', text)),
    maxEmails: given(values['max-emails'], (text) => bound('--max-emails', text)),
    maxPhoneNumbers: given(values['max-phones'], (text) => bound('--max-phones', text)),
    refusalPriority: given(values.priority, kind),
    suspectThreshold: given(values['suspect-after'], (text) => bound('--suspect-after', text)),
    blockSuspects: given(values['block-suspects'], (text) => flag('--block-suspects', text)),
  }
  const entries = Object.entries(said).filter(([, value]) => value !== undefined)
  if (entries.length === 0) throw new UsageError('Say what is to change.')
  const choices = Object.fromEntries(entries) as Partial<PolicyChoices>
  print(await withRules(context, values.workspace, ({ rules, workspaceId }) => rules.setPolicy(workspaceId, choices)))
  return EXIT.ok
}

function print(policy: PolicyChoices): void {
  const lines = {
    'block-junk': onOff(policy.blockJunk),
    'max-emails': policy.maxEmails ?? 'none',
    'max-phones': policy.maxPhoneNumbers ?? 'none',
    priority: policy.refusalPriority,
    'suspect-after': policy.suspectThreshold ?? 'none',
    'block-suspects': onOff(policy.blockSuspects),
  }
  for (const [name, value] of Object.entries(lines)) console.log(`${name}\t${value}`)
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off'
}

function given<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text)
}

function flag(option: string, text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on'
  throw new UsageError(`${option} must be on or off; found ${JSON.stringify(text)}.`)
}

function bound(option: string, text: string): number | null {
  return text === 'none' ? null : wholeNumber(option, text)
}

/** @throws UsageError */
export function kind(text: string): 'email' | 'phone' {
  if (text === 'email' || text === 'phone') return text
  throw new UsageError(`A kind is email or phone; found ${JSON.stringify(text)}.`)
}
