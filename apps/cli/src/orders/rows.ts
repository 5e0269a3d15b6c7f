import { Failure } from '../failure.ts'
import { csvRows } from './csv-rows.ts'
import type { ReadOptions } from './file-options.ts'
import { ndjsonRows } from './ndjson-rows.ts'
import { MAX_ROW_CHARACTERS, type Row } from './row.ts'

/**
 * The rows of a text, many at a time, CSV or NDJSON; NDJSON where nobody says and it starts with a brace.
 * @throws Failure where it is one JSON array, or cannot be read as what it is
 */
export async function* rowsOf(
  text: AsyncIterator<string>,
  { format, columns }: Pick<ReadOptions, 'format' | 'columns'>,
): AsyncGenerator<Row[]> {
  let start = ''
  for (let isDone = false; !isDone && !/\S.*\n/.test(start) && start.length < MAX_ROW_CHARACTERS; ) {
    const next = await text.next()
    isDone = next.done === true
    if (!isDone) start += next.value
  }
  if (format !== 'csv' && JSON_ARRAY.test(start)) {
    throw new Failure(
      'The file is one JSON array. Write it as NDJSON, one order a line (jq -c ".[]" does that), or as CSV.',
    )
  }
  const isNdjson = format ? format === 'ndjson' : start.trimStart().startsWith('{')
  yield* isNdjson ? ndjsonRows(start, text, columns) : csvRows(start, text, columns)
}

/** A CSV's first column may have a name in brackets, too. */
const JSON_ARRAY = /^\s*\[\s*(?:$|[[{\]"])/
