import type { PhoneRegion } from '@identity/core'
import { UsageError } from '../failure.ts'
import { type Environment, readRegion } from '../settings.ts'
import { FIELDS, type Field, type NamedColumns } from './columns.ts'

export interface ReadOptions {
  /** A path, or - for standard input. */
  readonly file: string
  readonly format: 'csv' | 'ndjson' | undefined
  readonly columns: NamedColumns
  readonly region: PhoneRegion | undefined
}

/** What says which file to read, and how. */
export const FILE_OPTIONS = {
  column: { type: 'string', multiple: true },
  region: { type: 'string' },
  format: { type: 'string' },
  workspace: { type: 'string', default: 'default' },
} as const

/** @throws UsageError */
export function fileOptions(
  { column = [], region, format }: { column?: string[]; region?: string; format?: string },
  [file, ...more]: readonly string[],
  env: Environment,
): ReadOptions {
  if (!file) throw new UsageError('Which file? Name it, or - for standard input.')
  if (more.length > 0) throw new UsageError(`One file at a time; found ${more.length + 1}.`)
  if (format && format !== 'csv' && format !== 'ndjson') {
    throw new UsageError(`--format must be csv or ndjson; found ${JSON.stringify(format)}.`)
  }
  return {
    file,
    format: format as ReadOptions['format'],
    columns: Object.fromEntries(column.map(readColumn)),
    region: readRegion(region ?? env.DEFAULT_REGION),
  }
}

function readColumn(text: string): [Field, string] {
  const [field, ...name] = text.split('=')
  const known = FIELDS.find((candidate) => candidate === field)
  if (known && name.join('=') !== '') return [known, name.join('=')]
  throw new UsageError(
    `--column must be FIELD=NAME with a field of ${FIELDS.join(', ')}; found ${JSON.stringify(text)}.`,
  )
}
