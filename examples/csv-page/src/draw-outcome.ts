import type { Columns } from './columns.ts'
import { drawTable } from './draw-table.ts'
import { element } from './elements.ts'
import type { Outcome } from './reconcile-orders.ts'

const result = element('result', HTMLElement)
const refusals = element('refusals', HTMLElement)

export function hideOutcome(): void {
  result.hidden = true
  refusals.hidden = true
}

export function drawOutcome({ orders, persons, merges, refused }: Outcome, columns: Columns): void {
  const totals = { orders, persons: persons.length, merges, refused: refused.length }
  for (const [id, total] of Object.entries(totals)) element(id, HTMLElement).textContent = total.toLocaleString('en')
  element('columns', HTMLElement).textContent = sentenceOf(columns)
  drawTable(
    element('persons-table', HTMLTableElement),
    persons.map((person) => [
      person.primaryContactId,
      person.emails,
      person.phoneNumbers,
      person.secondaryContactIds,
      person.firstLine,
    ]),
    'The download has all.',
  )
  drawTable(
    element('refusals-table', HTMLTableElement),
    refused.map(({ line, problem }) => [line, problem]),
    'Mend these to see the others.',
  )
  result.hidden = false
  refusals.hidden = refused.length === 0
}

function sentenceOf({ email, phoneNumber }: Columns): string {
  const emails = email ? `E-mails are from the column “${email.name}”` : 'There is no column of e-mails'
  const phones = phoneNumber ? `phone numbers from “${phoneNumber.name}”` : 'there is none of phone numbers'
  return `${emails}, ${phones}.`
}
