import { invalidRequest } from '@identity/core'
import { z } from 'zod'
import { identifyResponse } from '../../contract.ts'
import type { PersonQuery } from '../../types.ts'
import { EXAMPLES, NOT_AN_ADDRESS } from '../examples.ts'
import { found } from '../found.ts'
import type { RestOperation } from '../operation.ts'
import { queryOf } from '../query.ts'

const [KNOWN] = EXAMPLES

/** `GET /persons?email=…` or `?phoneNumber=…`. */
export const findPerson: RestOperation = {
  operationId: 'findPerson',
  method: 'GET',
  path: '/persons',
  async run(service, { url }) {
    const query = personQueryOf(url)
    const [field] = Object.keys(query)
    return found(
      await service.getPerson(query),
      `Nobody has this ${field}. POST /identify makes a person of a new customer.`,
    )
  },
  docs: {
    summary: 'Find the person that an e-mail or a phone number belongs to',
    description:
      'Takes exactly one of `email` and `phoneNumber`, in any spelling that `/identify` takes. Writes nothing.',
    parameters: [
      {
        name: 'email',
        in: 'query',
        description: 'E-mail address. A + that is not encoded stands for itself.',
        schema: z.string(),
        example: 'mcfly@hillvalley.edu',
      },
      {
        name: 'phoneNumber',
        in: 'query',
        description: 'Phone number. A + that is not encoded stands for itself where it leads.',
        schema: z.string(),
        example: '123456',
      },
    ],
    response: { description: 'The person.', schema: identifyResponse },
    examples: [
      {
        name: 'email',
        summary: 'By e-mail',
        url: '/persons?email=mcfly@hillvalley.edu',
        response: KNOWN!.response,
      },
      {
        name: 'phoneNumber',
        summary: 'By phone number',
        url: '/persons?phoneNumber=123456',
        response: KNOWN!.response,
      },
    ],
    failures: ['unauthenticated', 'not_found', 'rate_limited', 'internal', 'unavailable'],
    invalid: NOT_AN_ADDRESS,
  },
}

/** @throws IdentityError `invalid_request` unless exactly one of the two is there, once */
function personQueryOf(url: string): PersonQuery {
  const query = queryOf(url)
  const emails = query.getAll('email')
  const phoneNumbers = query.getAll('phoneNumber')
  const count = emails.length + phoneNumbers.length
  if (count !== 1) {
    const detail = `query must have exactly one of email and phoneNumber, once; found ${count} of them.`
    throw invalidRequest([{ field: 'query', detail }])
  }
  return emails.length === 1 ? { email: emails[0]! } : { phoneNumber: phoneNumbers[0]! }
}
