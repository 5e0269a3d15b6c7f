import type { FieldProblem } from '@identity/core'
import type { IdentifyRequest, IdentifyResponse } from '../types.ts'

export interface Example {
  name: string
  summary: string
  request: IdentifyRequest
  response: IdentifyResponse
}

/** What is said of the e-mail `ann`. */
export const NOT_AN_ADDRESS: FieldProblem = {
  field: 'email',
  detail: 'email must be an address such as "ann@example.com"; found "ann".',
}

/** The examples that the task's author documented; the tests run them against a real server. */
export const EXAMPLES: readonly Example[] = [
  {
    name: 'known',
    summary: 'A known customer: nothing changes',
    request: { email: 'mcfly@hillvalley.edu', phoneNumber: '123456' },
    response: {
      contact: {
        primaryContactId: 1,
        emails: ['lorraine@hillvalley.edu', 'mcfly@hillvalley.edu'],
        phoneNumbers: ['123456'],
        secondaryContactIds: [23],
      },
    },
  },
  {
    name: 'new',
    summary: 'A new customer: a new primary contact',
    request: { email: 'newunkonown@hillvalley.edu', phoneNumber: '789012' },
    response: {
      contact: {
        primaryContactId: 24,
        emails: ['newunkonown@hillvalley.edu'],
        phoneNumbers: ['789012'],
        secondaryContactIds: [],
      },
    },
  },
  {
    name: 'merge',
    summary: 'An e-mail of one and a phone of another: the two become one',
    request: { email: 'george@hillvalley.edu', phoneNumber: '717171' },
    response: {
      contact: {
        primaryContactId: 11,
        emails: ['george@hillvalley.edu', 'biffsucks@hillvalley.edu'],
        phoneNumbers: ['919191', '717171'],
        secondaryContactIds: [27],
      },
    },
  },
]
