import { show } from '@identity/core'
import { Failure } from '../failure.ts'
import { KeyFinder, type NamedColumns } from './columns.ts'
import { MAX_ROW_CHARACTERS, type Row } from './row.ts'

/** One row a line that is not blank. */
export async function* ndjsonRows(
  start: string,
  rest: AsyncIterator<string>,
  columns: NamedColumns,
): AsyncGenerator<Row[]> {
  const keys = new KeyFinder(columns)
  let line = 0
  for await (const lines of linesOf(start, rest)) {
    const rows: Row[] = []
    for (const text of lines) {
      line++
      if (text.trim() !== '') rows.push(rowOf(text, line, keys))
    }
    yield rows
  }
}

function rowOf(text: string, line: number, keys: KeyFinder): Row {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { line, problem: 'the line must be one JSON object; it is not JSON.' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, problem: `the line must be one JSON object; found ${show(value)}.` }
  }
  const { id, time, email, phone } = keys.read(value as Record<string, unknown>)
  return { line, id, time, email, phone }
}

/** Whole lines, many at a time; the last one may lack its end. */
async function* linesOf(start: string, rest: AsyncIterator<string>): AsyncGenerator<string[]> {
  let text = start
  let line = 1
  for (;;) {
    const lines = text.split('\n')
    const carried = lines.pop()!
    line += lines.length
    if (carried.length > MAX_ROW_CHARACTERS) {
      throw new Failure(
        `Line ${line} is longer than ${MAX_ROW_CHARACTERS} characters. Is this NDJSON, one order a line?`,
      )
    }
    yield lines
    const next = await rest.next()
    if (next.done) {
      yield [carried]
      return
    }
    text = carried + next.value
  }
}
