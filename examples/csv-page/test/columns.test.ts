import { expect, it } from 'vitest'
import { findColumns } from '../src/columns.ts'

it.each(['email', 'Email', 'E-Mail', 'e_mail', 'eMail', 'MAIL', ' Email Address ', 'customerEmail', 'billing_email'])(
  '%j is a column of e-mails',
  (name) => {
    expect(findColumns(['id', name])).toEqual({ email: { name: name.trim(), index: 1 }, phoneNumber: null })
  },
)

it.each([
  'phone',
  'phoneNumber',
  'phone_number',
  'Phone No.',
  'tel',
  'Tel.',
  'Telephone number',
  'Mobile',
  'cell-phone',
  'Billing Phone',
  'Phone 2',
])('%j is a column of phone numbers', (name) => {
  expect(findColumns([name, 'id'])).toEqual({ email: null, phoneNumber: { name: name.trim(), index: 0 } })
})

it.each(['hotel', 'order', 'mailing', 'email consent', 'phone model', '', '42'])('%j is neither', (name) => {
  expect(findColumns([name])).toEqual({ email: null, phoneNumber: null })
})

it('the closest name wins over the first, and the first over the others', () => {
  const { email, phoneNumber } = findColumns(['Billing email', 'Shipping phone', 'Email', 'Billing phone', 'mail'])
  expect([email?.index, phoneNumber?.index]).toEqual([2, 1])
})
