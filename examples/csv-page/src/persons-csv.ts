import Papa from 'papaparse'
import type { PersonRow } from './reconcile-orders.ts'

/** Without it, spreadsheets do not take the file for UTF-8. */
const BYTE_ORDER_MARK = '\ufeff'

/**
 * One line a person, with a space between several values: canonical ones contain none. What a spreadsheet would take
 * for a formula starts with an apostrophe, the + of a phone number too.
 */
export function personsCsv(persons: readonly PersonRow[]): string {
  const rows = persons.map(({ primaryContactId, firstLine, emails, phoneNumbers, secondaryContactIds }) => ({
    primaryContactId,
    firstLine,
    emails: emails.join(' '),
    phoneNumbers: phoneNumbers.join(' '),
    secondaryContactIds: secondaryContactIds.join(' '),
  }))
  return BYTE_ORDER_MARK + Papa.unparse(rows, { escapeFormulae: true })
}
