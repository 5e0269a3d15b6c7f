import { type Client, type ExportedPerson, exportContacts, exportPersons } from '@identity/core/postgres'
import type { ExportOptions } from './command.ts'

const CONTACT_COLUMNS = ['id', 'email', 'phoneNumber', 'linkedId', 'linkPrecedence', 'createdAt', 'updatedAt'] as const
const PERSON_COLUMNS = ['primaryContactId', 'emails', 'phoneNumbers', 'secondaryContactIds'] as const

/** Persons whose contacts an import would not join again, as what joined them is deleted or released. */
export interface Losses {
  persons: number
}

/** The export as text, many lines at a time. */
export async function* linesOf(
  client: Client,
  workspaceId: number,
  { what, format }: ExportOptions,
  losses: Losses,
): AsyncGenerator<string> {
  const columns = what === 'contacts' ? CONTACT_COLUMNS : PERSON_COLUMNS
  if (format === 'csv') yield `${columns.join(',')}\n`
  const toLine = format === 'csv' ? csvLine : ndjsonLine
  for await (const rows of what === 'contacts'
    ? contactRows(client, workspaceId, losses)
    : exportPersons(client, workspaceId)) {
    yield rows.map((row) => toLine(row as Row, columns)).join('')
  }
}

type Row = Readonly<Record<string, unknown>>

/**
 * A row without id is no contact: it is an order that joined the contacts before it, so that an import finds the same
 * persons.
 */
async function* contactRows(client: Client, workspaceId: number, losses: Losses): AsyncGenerator<Row[]> {
  for await (const persons of exportContacts(client, workspaceId)) {
    yield persons.flatMap(({ contacts, joiningRequests }: ExportedPerson) => {
      if (!joiningRequests) losses.persons++
      return [...contacts, ...(joiningRequests ?? [])] as unknown as Row[]
    })
  }
}

function ndjsonLine(row: Row, columns: readonly string[]): string {
  return `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])))}\n`
}

function csvLine(row: Row, columns: readonly string[]): string {
  return `${columns.map((column) => csvField(row[column])).join(',')}\n`
}

/** Several values in one field stand between spaces, which no canonical value contains. */
function csvField(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  const text = Array.isArray(value) ? value.join(' ') : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
