import { csvRows } from './csv-rows.ts'
import type { ReadOptions } from './messages.ts'
import { ndjsonRows } from './ndjson-rows.ts'

/** A row of the file as it is, by the line it starts on (the first is 1); or why nothing can be read from it. */
export type Row =
  | { line: number; id: unknown; time: unknown; email: unknown; phone: unknown }
  | { line: number; problem: string }

/** A row longer than this is a quote that nothing closes, or no text at all. */
export const MAX_ROW_CHARACTERS = 1024 * 1024

/** The rows of a text, many at a time, CSV or NDJSON; NDJSON where nobody says and it starts with a brace. */
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
  const isNdjson = format ? format === 'ndjson' : start.trimStart().startsWith('{')
  yield* isNdjson ? ndjsonRows(start, text, columns) : csvRows(start, text, columns)
}
