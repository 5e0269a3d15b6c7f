import { readArguments } from '../arguments.ts'

/** What `verify` and `repair` take. */
export interface CheckOptions {
  /** Undefined: all of them. */
  readonly workspace: string | undefined
  readonly isJson: boolean
}

/** @throws UsageError where there is something else on the command line */
export function readOptions(args: string[]): CheckOptions {
  const { workspace, json } = readArguments(
    args,
    { workspace: { type: 'string' }, json: { type: 'boolean' } },
    { allowPositionals: false },
  ).values
  return { workspace, isJson: json ?? false }
}
