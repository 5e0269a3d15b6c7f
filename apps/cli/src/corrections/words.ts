import type { ParseArgsOptionsConfig } from 'node:util'
import { canonicalEmail, canonicalPhone, type Identifier, type PersonQuery } from '@identity/core'
import { readArguments } from '../arguments.ts'
import { UsageError } from '../failure.ts'
import { type Environment, readRegion } from '../settings.ts'

export const COMMON = {
  workspace: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig

/** The options and words of a command. @throws UsageError where there are fewer words than it takes, or more */
export function parse<const T extends ParseArgsOptionsConfig>(
  args: string[],
  options: T,
  { atLeast, atMost = atLeast }: { atLeast: number; atMost?: number },
) {
  const parsed = readArguments(args, options)
  const { length } = parsed.positionals
  if (length < atLeast) throw new UsageError(`There is something missing: ${length} of ${atLeast} was given.`)
  if (length > atMost) throw new UsageError(`There is too much: it takes ${atMost}, and ${length} were given.`)
  return parsed
}

/** @throws UsageError where it is no id */
export function contactId(text: string): number {
  const id = Number(text)
  if (/^\d{1,15}$/.test(text) && id > 0) return id
  throw new UsageError('A contact is named by its id, a positive whole number.')
}

/** A contact id where it is `#7`, else an e-mail or a phone number. @throws UsageError */
export function endOf(text: string, env: Environment): PersonQuery {
  return text.startsWith('#') ? { contactId: contactId(text.slice(1)) } : { identifier: identifier(text, env) }
}

/** @throws UsageError where it is neither an e-mail nor a phone number. Not shown: it may be personal. */
export function identifier(text: string, env: Environment): Identifier {
  const isEmail = text.includes('@')
  const canonical = isEmail ? canonicalEmail(text) : canonicalPhone(text, readRegion(env.DEFAULT_REGION))
  if ('value' in canonical && canonical.value !== null) {
    return { kind: isEmail ? 'email' : 'phone', value: canonical.value }
  }
  throw new UsageError('What was given is neither an e-mail address nor a phone number.')
}
