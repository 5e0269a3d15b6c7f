import { parseArgs } from 'node:util'
import { UsageError } from '../failure.ts'

/** What `verify` and `repair` take. */
export interface CheckOptions {
  /** Undefined: all of them. */
  readonly workspace: string | undefined
  readonly isJson: boolean
}

/** @throws UsageError where there is something else on the command line */
export function readOptions(args: string[]): CheckOptions {
  const { workspace, json } = parse(args, { workspace: { type: 'string' }, json: { type: 'boolean' } })
  return { workspace, isJson: json ?? false }
}

export function parse<const T extends NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object>(
  args: string[],
  options: T,
) {
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
