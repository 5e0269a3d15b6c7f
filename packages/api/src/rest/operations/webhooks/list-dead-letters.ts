import { z } from 'zod'
import { contactId } from '../../../contract-parts.ts'
import { parse } from '../../../parse.ts'
import { deadLetterList, deadLettersQueryText, MAX_DEAD_LETTERS } from '../../../webhook-contract.ts'
import type { RestOperation } from '../../operation.ts'
import { queryOf } from '../../query.ts'
import { FAILURES, FORBIDDEN } from '../admin-parts.ts'
import { DEAD_LETTER } from './examples.ts'

/** `GET /webhooks/dead-letters?endpointId=…&after=…&limit=…`. */
export const listDeadLetters: RestOperation = {
  operationId: 'listDeadLetters',
  method: 'GET',
  path: '/webhooks/dead-letters',
  run: (service, { url }) =>
    service.webhooks.listDeadLetters(parse(deadLettersQueryText, Object.fromEntries(queryOf(url)))),
  docs: {
    summary: 'List events that could not be delivered',
    description:
      'Those that an endpoint did not acknowledge however often they were sent, by id. Go on with the id of the last one as `after`. Writes nothing.',
    parameters: [
      { name: 'endpointId', in: 'query', description: 'Those of one endpoint.', schema: contactId, example: 3 },
      { name: 'after', in: 'query', description: 'The last one that was seen.', schema: contactId, example: 5 },
      {
        name: 'limit',
        in: 'query',
        description: 'How many at the most.',
        schema: z.int().min(1).max(MAX_DEAD_LETTERS).default(100),
        example: 100,
      },
    ],
    response: { description: 'The dead letters.', schema: deadLetterList },
    examples: [
      {
        name: 'one',
        summary: 'An endpoint that answered 500',
        url: '/webhooks/dead-letters',
        response: { deadLetters: [DEAD_LETTER] },
      },
    ],
    failures: FAILURES,
    failureTexts: { forbidden: FORBIDDEN },
    invalid: { field: 'after', detail: 'after must be a positive whole number; found "x".' },
  },
}
