import { readArguments } from '../arguments.ts'
import { UsageError } from '../failure.ts'
import type { Command } from '../run.ts'
import { exportAll } from './export-all.ts'

const USAGE = `Usage: identity export [options]
  --what contacts|persons   contacts (the default): one line each, which import takes; persons: as identify answers
  --format ndjson|csv       ndjson by default; csv where the output's name says so
  --workspace NAME          whose (default)
  --output FILE             gzipped where its name ends in .gz; by default standard output

One snapshot, while the service runs. Deleted contacts are left out. The output is personal data: a FILE is readable by
its owner only.`

export interface ExportOptions {
  readonly what: 'contacts' | 'persons'
  readonly format: 'ndjson' | 'csv'
  readonly workspace: string
  /** Undefined: standard output. */
  readonly output: string | undefined
}

/** `identity export` */
export const exportCommand: Command = {
  summary: 'writes all contacts, or all persons',
  usage: USAGE,
  run: (args, context) => exportAll(readOptions(args), context),
}

function readOptions(args: string[]): ExportOptions {
  const { what = 'contacts', format, output, workspace } = parse(args)
  const formatOfName = /\.csv(\.gz)?$/i.test(output ?? '') ? 'csv' : 'ndjson'
  return {
    what: oneOf('--what', what, ['contacts', 'persons']),
    format: oneOf('--format', format ?? formatOfName, ['ndjson', 'csv']),
    workspace,
    output: output === '-' ? undefined : output,
  }
}

function oneOf<T extends string>(option: string, value: string, values: readonly T[]): T {
  const known = values.find((candidate) => candidate === value)
  if (known) return known
  throw new UsageError(`${option} must be ${values.join(' or ')}; found ${JSON.stringify(value)}.`)
}

function parse(args: string[]) {
  const options = {
    what: { type: 'string' },
    format: { type: 'string' },
    output: { type: 'string' },
    workspace: { type: 'string', default: 'default' },
  } as const
  return readArguments(args, options, { allowPositionals: false }).values
}
