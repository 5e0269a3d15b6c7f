import { z } from 'zod'
import { identifyResponse } from '../../contract.ts'
import { contactId, idText } from '../../contract-parts.ts'
import { parse } from '../../parse.ts'
import { EXAMPLES } from '../examples.ts'
import { found } from '../found.ts'
import type { RestOperation } from '../operation.ts'

const [KNOWN] = EXAMPLES
const parameters = z.object({ contactId: idText })

/** `GET /persons/{contactId}`. */
export const getPerson: RestOperation = {
  operationId: 'getPerson',
  method: 'GET',
  path: '/persons/{contactId}',
  async run(service, { params }) {
    const query = parse(parameters, params)
    return found(
      await service.getPerson(query),
      `There is no contact ${query.contactId}. GET /persons?email=… finds a person by e-mail.`,
    )
  },
  docs: {
    summary: 'Get the person that a contact belongs to',
    description:
      "Takes any contact's id, primary or secondary: an id that was once answered stays good when persons merge. Writes nothing.",
    parameters: [
      {
        name: 'contactId',
        in: 'path',
        description: 'The id of any contact of the person.',
        schema: contactId,
        example: 23,
      },
    ],
    response: { description: 'The person.', schema: identifyResponse },
    examples: [{ name: 'secondary', summary: 'By a secondary contact', url: '/persons/23', response: KNOWN!.response }],
    failures: ['unauthenticated', 'not_found', 'rate_limited', 'internal', 'unavailable'],
    invalid: { field: 'contactId', detail: 'contactId must be a positive whole number; found "abc".' },
  },
}
