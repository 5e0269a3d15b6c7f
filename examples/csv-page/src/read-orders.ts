import { type IdentifyRequest, show } from '@identity/core'
import Papa, { type ParseError } from 'papaparse'
import { type Columns, findColumns } from './columns.ts'

/** One order, and the line of the CSV it starts on; the first line is 1. */
export interface OrderLine {
  readonly line: number
  readonly request: IdentifyRequest
}

/** A line that is left out, and why. */
export interface Refusal {
  readonly line: number
  readonly problem: string
}

export interface Orders {
  readonly columns: Columns
  readonly lines: readonly OrderLine[]
  readonly refused: readonly Refusal[]
}

/** A CSV of which nothing can be read. The message is for whoever pasted it. */
export class CsvError extends Error {
  override readonly name = 'CsvError'
}

const SHOWN_NAMES = 8

const MISQUOTED: Partial<Record<ParseError['code'], string>> = {
  MissingQuotes:
    'A quote opens a field on this line and none closes it: the rest of the text was read as that field. Close it or leave it out.',
  InvalidQuotes: 'A quoted field on this line goes on after its closing quote. Write a quote inside a field twice: "".',
}

/**
 * Reads a CSV whose first line names the columns; commas, semicolons, tabs or bars between the fields. Blank lines
 * count as lines, not as orders.
 * @throws CsvError when there is no column for e-mails nor one for phone numbers
 */
export function readOrders(csv: string): Orders {
  const text = csv.replace(/\r\n?/g, '\n').trimEnd()
  const { data, errors, meta } = Papa.parse<string[]>(text, {
    newline: '\n',
    delimitersToGuess: [',', ';', '\t', '|'],
  })
  const misquoted = new Map(errors.map(({ row, code }) => [row, MISQUOTED[code]]))
  const rows = withLines(data)
  const header = rows.find(({ fields }) => !isBlank(fields))
  const columns = columnsOf(header?.fields)
  const lines: OrderLine[] = []
  const refused: Refusal[] = []
  for (const [index, { line, fields }] of rows.entries()) {
    if (line <= header!.line || isBlank(fields)) continue
    const problem = misquoted.get(index) ?? tooWide(fields, header!.fields, meta.delimiter)
    if (problem) refused.push({ line, problem })
    else lines.push({ line, request: requestOf(fields, columns) })
  }
  return { columns, lines, refused }
}

interface Row {
  readonly line: number
  readonly fields: readonly string[]
}

/** A quoted field may go over several lines. */
function withLines(data: readonly string[][]): Row[] {
  let next = 1
  return data.map((fields) => {
    const line = next
    next += 1
    for (const field of fields) if (field.includes('\n')) next += field.split('\n').length - 1
    return { line, fields }
  })
}

function isBlank(fields: readonly string[]): boolean {
  return fields.every((field) => field.trim() === '')
}

function columnsOf(header: readonly string[] | undefined): Columns {
  if (!header) throw new CsvError('There is nothing to read. Paste a CSV whose first line names its columns.')
  const columns = findColumns(header)
  if (columns.email || columns.phoneNumber) return columns
  const found = header.slice(0, SHOWN_NAMES).map(show).join(', ')
  const more = header.length > SHOWN_NAMES ? ` and ${header.length - SHOWN_NAMES} more` : ''
  throw new CsvError(`The first line must name a column email or phone; found ${found}${more}.`)
}

/** A delimiter inside a field without quotes shifts all that follow, so nothing on such a line can be trusted. */
function tooWide(fields: readonly string[], header: readonly string[], delimiter: string): string | undefined {
  if (isBlank(fields.slice(header.length))) return undefined
  return `This line has ${fields.length} fields, the first line ${header.length}. Put quotes around a field that contains ${show(delimiter)}.`
}

function requestOf(fields: readonly string[], { email, phoneNumber }: Columns): IdentifyRequest {
  return { email: email && fields[email.index], phoneNumber: phoneNumber && fields[phoneNumber.index] }
}
