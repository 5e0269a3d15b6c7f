import { basename } from 'node:path'
import { readArguments } from '../arguments.ts'
import { FIELDS } from '../orders/columns.ts'
import { FILE_OPTIONS, fileOptions, type ReadOptions } from '../orders/file-options.ts'
import type { Command, Context } from '../run.ts'
import { readSeconds } from '../settings.ts'
import { importOrders } from './import-orders.ts'

const USAGE = `Usage: identity import FILE [options]
  FILE                  CSV (the first line names the columns) or NDJSON, gzipped or not; - for standard input
  --column FIELD=NAME   the column or key of a field: ${FIELDS.join(', ')}; may be repeated. Common names are found
  --region IN           where numbers without a country code are; by default DEFAULT_REGION. As the service has it
  --format csv|ndjson   by default seen from the first character
  --rejected PATH       where refused rows go, NDJSON; by default FILE's name with .rejected.ndjson in this folder
  --workspace NAME      whose orders they are (default)
  --dry-run             says what would happen, and writes nothing to the database
  --patience SECONDS    how long a database that is away is waited for (60)

Orders are taken in the order of the file. One with a time makes a contact of that age; one without is of now.
Stopped in any way, the same command goes on; run twice, it changes nothing.
Exit code: 0 all rows taken, 3 some refused, 1 failed, 2 wrong usage, 130 interrupted.`

export interface ImportOptions extends ReadOptions {
  readonly rejectedFile: string
  readonly workspace: string
  readonly isDryRun: boolean
  readonly patienceMs: number
}

/** `identity import` */
export const importCommand: Command = {
  summary: 'takes orders from a file, CSV or NDJSON',
  usage: USAGE,
  run: (args, context) => importOrders(readOptions(args, context), context),
}

function readOptions(args: string[], { env }: Context): ImportOptions {
  const options = {
    ...FILE_OPTIONS,
    rejected: { type: 'string' },
    'dry-run': { type: 'boolean' },
    patience: { type: 'string', default: '60' },
  } as const
  const { values, positionals } = readArguments(args, options)
  const read = fileOptions(values, positionals, env)
  return {
    ...read,
    rejectedFile: values.rejected ?? `${read.file === '-' ? 'stdin' : basename(read.file)}.rejected.ndjson`,
    workspace: values.workspace,
    isDryRun: values['dry-run'] ?? false,
    patienceMs: readSeconds(values.patience) * 1000,
  }
}
