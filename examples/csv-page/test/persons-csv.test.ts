import Papa from 'papaparse'
import { expect, it } from 'vitest'
import { personsCsv } from '../src/persons-csv.ts'
import { readOrders } from '../src/read-orders.ts'
import { reconcileOrders } from '../src/reconcile-orders.ts'

async function download(csv: string) {
  const { persons } = await reconcileOrders(readOrders(csv))
  return personsCsv(persons)
}

it('has one line a person, for spreadsheets', async () => {
  const csv = await download('email,phone\nann@example.com,1\nann@example.com,2\nbob@example.com,')
  expect(csv).toBe(
    '\ufeffprimaryContactId,firstLine,emails,phoneNumbers,secondaryContactIds\r\n' +
      '1,2,ann@example.com,1 2,2\r\n' +
      '3,4,bob@example.com,,',
  )
})

it('has no field that a spreadsheet would take for a formula', async () => {
  const csv = await download(`email,phone\n=cmd|'/c'!a0@example.com,+14155550100\n-1@example.com,\n+1@example.com,`)
  const { data } = Papa.parse<string[]>(csv)
  expect(data.map(([, , emails, phoneNumbers]) => [emails, phoneNumbers]).slice(1)).toEqual([
    [`'=cmd|'/c'!a0@example.com`, `'+14155550100`],
    [`'-1@example.com`, ''],
    [`'+1@example.com`, ''],
  ])
})

it('without persons has nothing', async () => {
  expect(await download('email\n')).toBe('\ufeff')
})
