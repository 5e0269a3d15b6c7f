import { EXAMPLES } from './examples.ts'
import type { OperationExample } from './operation.ts'

const WHOLE = EXAMPLES[0]!.response.contact
const LORRAINE = {
  primaryContactId: 1,
  emails: ['lorraine@hillvalley.edu'],
  phoneNumbers: ['123456'],
  secondaryContactIds: [],
}
const MCFLY = { primaryContactId: 23, emails: ['mcfly@hillvalley.edu'], secondaryContactIds: [] }

type Operation = 'split' | 'undo' | 'delete' | 'restore' | 'erase' | 'explain' | 'history' | 'asOf'

/** On the table of the first documented example; the merge that is undone is that of the third. */
export const CORRECTION_EXAMPLES: Readonly<Record<Operation, readonly OperationExample[]>> = {
  split: [
    {
      name: 'split',
      summary: 'Two customers who share a phone number',
      url: '/persons/split',
      body: { contactIds: [23] },
      response: { persons: [LORRAINE, { ...MCFLY, phoneNumbers: [] }], separationId: 1 },
    },
  ],
  undo: [
    {
      name: 'undo',
      summary: 'A merge that was wrong',
      url: '/merges/undo',
      body: { eventId: '1-0' },
      response: {
        persons: [
          {
            primaryContactId: 11,
            emails: ['george@hillvalley.edu'],
            phoneNumbers: ['919191'],
            secondaryContactIds: [],
          },
          {
            primaryContactId: 27,
            emails: ['biffsucks@hillvalley.edu'],
            phoneNumbers: ['717171'],
            secondaryContactIds: [],
          },
        ],
      },
    },
  ],
  delete: [
    {
      name: 'primary',
      summary: 'The primary: the next oldest takes its place',
      url: '/contacts/delete',
      body: { contactId: 1 },
      response: { persons: [{ ...MCFLY, phoneNumbers: ['123456'] }] },
    },
  ],
  restore: [
    {
      name: 'restore',
      summary: 'A contact that was deleted by mistake',
      url: '/contacts/restore',
      body: { contactId: 23 },
      response: { persons: [WHOLE] },
    },
  ],
  erase: [
    {
      name: 'erase',
      summary: 'A customer who asked for it',
      url: '/persons/erase',
      body: { contactId: 23, reason: 'asked for by the customer' },
      response: { contactIds: [1, 23], identifierCount: 3 },
    },
  ],
  explain: [
    {
      name: 'shared',
      summary: 'Two e-mails of one person',
      url: '/persons/explain',
      body: { from: { email: 'mcfly@hillvalley.edu' }, to: { contactId: 1 } },
      response: {
        sentence:
          'Contact 23 (mcfly@hillvalley.edu) and contact 1 (lorraine@hillvalley.edu) share the phone number 123456.',
        contacts: [
          { id: 23, email: 'mcfly@hillvalley.edu', phoneNumber: '123456' },
          { id: 1, email: 'lorraine@hillvalley.edu', phoneNumber: '123456' },
        ],
        links: [{ by: 'identifier', kind: 'phone', value: '123456' }],
      },
    },
  ],
  history: [
    {
      name: 'none',
      summary: 'Contacts from before the log',
      url: '/persons/23/history',
      response: { events: [] },
    },
  ],
  asOf: [
    {
      name: 'at',
      summary: 'Contacts from before the log, by their age',
      url: '/persons/1/as-of?at=2023-04-10T00:00:00Z',
      response: { contact: LORRAINE, isComplete: false, logBeginsAt: null },
    },
  ],
}
