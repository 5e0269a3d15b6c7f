import { Readable } from 'node:stream'
import { show } from '@identity/core'
import { type CsvError, type Info, type Options, parse } from 'csv-parse'
import { Failure } from '../failure.ts'
import { type Field, findColumns, type NamedColumns } from './columns.ts'
import { MAX_ROW_CHARACTERS, type Row } from './row.ts'

const ROWS_AT_ONCE = 256
const DELIMITERS = [',', ';', '\t', '|'] as const

interface Parsed {
  readonly record: string[]
  readonly info: Info
}

/**
 * One row a record; the first names the columns. Comma, semicolon, tab or bar between them, as the header has it.
 * @throws Failure where the first line cannot be used, or what follows a row cannot be told from it
 */
export async function* csvRows(start: string, rest: AsyncIterator<string>, named: NamedColumns): AsyncGenerator<Row[]> {
  const delimiter = delimiterOf(start.trimStart().split('\n', 1)[0]!)
  // Records that cannot be read are told in events, a little ahead of those that can.
  let rows: Row[] = []
  const parser = parse({ ...OPTIONS, delimiter })
  let lastLine = 0
  /** What makes an end of the file, once the records before it are through. */
  let fault: CsvError | undefined
  const source = Readable.from(prepend(start, rest))
  parser.on('skip', (error) => {
    if (fault) return
    if (!error || (error.records !== 0 && !NO_END.has(error.code))) {
      rows.push({ line: typeof error?.lines === 'number' ? error.lines : lastLine + 1, problem: MISREAD })
      return
    }
    fault = error
    source.destroy()
    parser.end()
  })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  let columns: Record<Field, number> | undefined
  let width = 0
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    if (fault && info.records > Number(fault.records)) break
    lastLine = info.lines
    if (!columns) {
      columns = findColumns(record, named)
      width = record.length
      continue
    }
    const line = info.lines - breaksIn(record)
    const isTooWide = record.length > width
    rows.push(isTooWide ? { line, problem: tooWide(record, width, delimiter) } : rowOf(line, record, columns))
    if (rows.length < ROWS_AT_ONCE) continue
    yield rows
    rows = []
  }
  if (fault) throw unreadable(fault, lastLine)
  yield rows
  if (!columns) throw new Failure('The file is empty. Its first line must name the columns.')
}

const OPTIONS: Options = {
  info: true,
  relax_column_count: true,
  skip_records_with_error: true,
  skip_records_with_empty_values: true,
  max_record_size: MAX_ROW_CHARACTERS,
}

/** Nothing after it can be trusted: the rest of the file may be one field. */
const NO_END: ReadonlySet<string> = new Set(['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE'])

const MISREAD =
  'a quote stands where none may. Put quotes around the whole field, and write a quote inside it twice: "".'

function rowOf(line: number, record: readonly string[], columns: Record<Field, number>): Row {
  return {
    line,
    id: record[columns.id],
    time: record[columns.time],
    email: record[columns.email],
    phone: record[columns.phone],
  }
}

/** A delimiter inside a field without quotes shifts all that follow, so nothing on such a row can be trusted. */
function tooWide(record: readonly string[], width: number, delimiter: string): string {
  return `the row has ${record.length} fields, the first line ${width}. Put quotes around a field that contains ${show(delimiter)}.`
}

function delimiterOf(header: string): string {
  const unquoted = header.replace(/"[^"]*"/g, '')
  const counts = DELIMITERS.map((delimiter) => unquoted.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!
}

/** A record's last line is what the parser knows. */
function breaksIn(record: readonly string[]): number {
  let breaks = 0
  for (const field of record) if (field.includes('\n')) breaks += field.split('\n').length - 1
  return breaks
}

function unreadable({ code }: CsvError, lastLine: number): Failure {
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    return new Failure(`A quote opens a field after line ${lastLine}, and none closes it. Close it or leave it out.`)
  }
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return new Failure(
      `The row after line ${lastLine} has more than ${MAX_ROW_CHARACTERS} characters. Shorten its longest field; or, if a quote opens a field there that none closes, close it or leave it out.`,
    )
  }
  return new Failure(`The first line must name the columns, and cannot be read: ${MISREAD}`)
}

async function* prepend(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield start
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}
