import { readArguments } from '../arguments.ts'
import { FIELDS } from '../orders/columns.ts'
import { FILE_OPTIONS, fileOptions } from '../orders/file-options.ts'
import type { Command } from '../run.ts'
import { previewOrders } from './preview-orders.ts'

/** `identity preview` */
export const previewCommand: Command = {
  summary: 'says of each order in a file what would become of it',
  usage: `Usage: identity preview FILE [options]
  FILE                  CSV (the first line names the columns) or NDJSON, gzipped or not; - for standard input
  --column FIELD=NAME   the column or key of a field: ${FIELDS.join(', ')}; may be repeated. Common names are found
  --region IN           where numbers without a country code are; by default DEFAULT_REGION. As the service has it
  --format csv|ndjson   by default seen from the first character
  --workspace NAME      whose orders they are (default)
  --json                an object a line

A line for each order, in the order of the file, as if those before it had been taken. Writes nothing.
Exit code: 0 all rows could be read, 3 some not, 1 failed, 2 wrong usage, 130 interrupted.`,
  run(args, context) {
    const { values, positionals } = readArguments(args, { ...FILE_OPTIONS, json: { type: 'boolean' } } as const)
    const options = fileOptions(values, positionals, context.env)
    return previewOrders({ ...options, workspace: values.workspace, isJson: values.json ?? false }, context)
  },
}
