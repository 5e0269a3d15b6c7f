import { contactId } from '../../../contract-parts.ts'
import { parse } from '../../../parse.ts'
import {
  byIdText,
  newSeparation,
  removal,
  separation,
  separationList,
  separationsQueryText,
} from '../../../rule-contract.ts'
import type { Separation } from '../../../rule-types.ts'
import type { RestOperation } from '../../operation.ts'
import { queryOf } from '../../query.ts'
import { BODY_FAILURES, BODY_LIMIT_BYTES, FAILURES, FORBIDDEN, NOT_AN_ID } from '../admin-parts.ts'
import { LIMIT, READ_FAILURES } from './parts.ts'

const SEPARATION: Separation = { id: 1, contactIds: [11, 27], createdAt: '2023-04-23T10:00:00.374Z', actor: null }

/** `GET /separations?contactId=…&after=…&limit=…`. */
export const listSeparations: RestOperation = {
  operationId: 'listSeparations',
  method: 'GET',
  path: '/separations',
  run: (service, { url }) =>
    service.rules.listSeparations(parse(separationsQueryText, Object.fromEntries(queryOf(url)))),
  docs: {
    summary: 'List contacts that are kept apart',
    description: 'By id. Go on with the id of the last one as `after`. Writes nothing.',
    parameters: [
      { name: 'contactId', in: 'query', description: 'Those of one contact.', schema: contactId, example: 11 },
      { name: 'after', in: 'query', description: 'The last one that was seen.', schema: contactId, example: 1 },
      LIMIT,
    ],
    response: { description: 'The separations.', schema: separationList },
    examples: [
      {
        name: 'contactId',
        summary: 'Those of a contact',
        url: '/separations?contactId=11',
        response: { separations: [SEPARATION] },
      },
    ],
    failures: READ_FAILURES,
    invalid: { field: 'after', detail: 'after must be a positive whole number; found "x".' },
  },
}

/** `POST /separations`. */
export const createSeparation: RestOperation = {
  operationId: 'createSeparation',
  method: 'POST',
  path: '/separations',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body, origin }) => service.rules.createSeparation(parse(newSeparation, body), origin),
  docs: {
    summary: 'Say that two contacts are different people',
    description:
      'Once it is answered, no server joins the persons that they are of. Where they are kept apart already, that separation is answered.',
    body: newSeparation,
    response: { description: 'The separation.', schema: separation },
    examples: [
      {
        name: 'apart',
        summary: 'Two customers whom an order would join',
        url: '/separations',
        body: { contactIds: [11, 27] },
        response: SEPARATION,
      },
    ],
    failures: [...FAILURES, ...BODY_FAILURES, 'not_found', 'conflict'],
    failureTexts: {
      forbidden: FORBIDDEN,
      not_found: {
        description: 'There is no such contact.',
        detail: 'There is no contact 7. Find a person by e-mail or phone for the ids of its contacts.',
      },
      conflict: {
        description: 'They are one person now.',
        detail: 'The two contacts are of one person now. Split that person first; its sides can be kept apart then.',
      },
    },
    invalid: { field: 'contactIds', detail: 'contactIds must be two ids of contacts; found nothing.' },
  },
}

/** `DELETE /separations/{id}`. */
export const releaseSeparation: RestOperation = {
  operationId: 'releaseSeparation',
  method: 'DELETE',
  path: '/separations/{id}',
  run: (service, { params, origin }) => service.rules.releaseSeparation(parse(byIdText, params), origin),
  docs: {
    summary: 'End a separation',
    description: 'It joins nobody: an order that has a value of each person does. Repeating is safe.',
    parameters: [{ name: 'id', in: 'path', description: 'The id of the separation.', schema: contactId, example: 1 }],
    response: { description: 'Whether there was one.', schema: removal },
    examples: [{ name: 'released', summary: 'It was there', url: '/separations/1', response: { removed: true } }],
    failures: FAILURES,
    failureTexts: { forbidden: FORBIDDEN },
    invalid: NOT_AN_ID,
  },
}
