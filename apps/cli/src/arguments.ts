import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from './failure.ts'

/** The options of a command line, and its words where it may have some. @throws UsageError */
export function readArguments<const T extends ParseArgsOptionsConfig>(
  args: string[],
  options: T,
  { allowPositionals = true }: { allowPositionals?: boolean } = {},
) {
  try {
    return parseArgs({ args, options, allowPositionals })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** The options and words of an action; all take --workspace. @throws UsageError where the words are not as many */
export function parseAction<T extends ParseArgsOptionsConfig>(
  args: string[],
  options: T,
  words: readonly string[] = [],
) {
  const withWorkspace = { ...options, workspace: { type: 'string' } } as T & { workspace: { type: 'string' } }
  const { values, positionals } = readArguments(args, withWorkspace)
  if (positionals.length === words.length) return { values, words: positionals }
  throw new UsageError(words.length === 0 ? 'This takes options only.' : `This takes ${words.join(' ')}.`)
}

/** A positive whole number. @throws UsageError */
export function wholeNumber(what: string, text: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text)
  throw new UsageError(`${what} must be a whole number from 1; found ${JSON.stringify(text)}.`)
}

/** The action that a name stands for. @throws UsageError where it stands for none */
export function actionOf<Action>(command: string, actions: Readonly<Record<string, Action>>, name: string): Action {
  if (Object.hasOwn(actions, name)) return actions[name]!
  const found = name === '' ? 'nothing' : JSON.stringify(name)
  throw new UsageError(`${command} takes ${Object.keys(actions).join(', ')}; found ${found}.`)
}
