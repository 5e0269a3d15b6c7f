import { z } from 'zod'
import { parse } from '../../../parse.ts'
import { refusalList, refusalsQueryText } from '../../../rule-contract.ts'
import type { RestOperation } from '../../operation.ts'
import { queryOf } from '../../query.ts'
import { LIMIT, READ_FAILURES } from './parts.ts'

/** `GET /refusals?after=…&limit=…`. */
export const listRefusals: RestOperation = {
  operationId: 'listRefusals',
  method: 'GET',
  path: '/refusals',
  run: (service, { url }) => service.rules.listRefusals(parse(refusalsQueryText, Object.fromEntries(queryOf(url)))),
  docs: {
    summary: 'List what was refused, counted',
    description:
      'How often a separation or a limit refused to join two persons, or to bring a value to one. By person, other person and reason. Writes nothing.',
    parameters: [
      {
        name: 'after',
        in: 'query',
        description:
          'The last one that was seen: its personId, otherPersonId and reason with commas between them, such as `11,27,separation`, or `11,,email-limit` where otherPersonId is null.',
        schema: z.string(),
        example: '11,27,separation',
      },
      LIMIT,
    ],
    response: { description: 'The refusals.', schema: refusalList },
    examples: [
      {
        name: 'one',
        summary: 'Orders that would have joined two customers who are kept apart',
        url: '/refusals',
        response: {
          refusals: [
            {
              personId: 11,
              otherPersonId: 27,
              reason: 'separation',
              count: 3,
              firstAt: '2023-04-23T10:00:00.374Z',
              lastAt: '2023-04-24T08:00:00.000Z',
            },
          ],
        },
      },
    ],
    failures: READ_FAILURES,
    invalid: {
      field: 'after',
      detail:
        'after must be personId,otherPersonId,reason of a refusal, such as "11,27,separation" or "11,,email-limit"; found "x".',
    },
  },
}
