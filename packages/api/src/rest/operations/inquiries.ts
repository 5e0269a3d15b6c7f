import { z } from 'zod'
import { eventList } from '../../contract.ts'
import { contactId } from '../../contract-parts.ts'
import {
  asOfQueryText,
  asOfResponse,
  explainRequest,
  explainResponse,
  historyQueryText,
} from '../../correction-contract.ts'
import { parse } from '../../parse.ts'
import { CORRECTION_EXAMPLES } from '../correction-examples.ts'
import type { ParameterDocs, RestOperation, RestRequest } from '../operation.ts'
import { queryOf } from '../query.ts'
import { EVENT_LIMIT } from './list-events.ts'

const CONTACT_ID: ParameterDocs = {
  name: 'contactId',
  in: 'path',
  description: 'The id of any contact of the person.',
  schema: contactId,
  example: 23,
}
const NOT_A_CONTACT = { field: 'contactId', detail: 'contactId must be a positive whole number; found "x".' }

/** The path's parameters and the query's, together. */
function parametersOf({ params, url }: RestRequest): object {
  return { ...Object.fromEntries(queryOf(url)), ...(params as object) }
}

/** `POST /persons/explain`. Values are in the body: addresses are logged on their way. */
export const explainPerson: RestOperation = {
  operationId: 'explainPerson',
  method: 'POST',
  path: '/persons/explain',
  bodyLimitBytes: 16 * 1024,
  run: (service, { body }) => service.corrections.explain(parse(explainRequest, body)),
  docs: {
    summary: 'Explain why two values or contacts are of one person',
    description: 'The shortest chain of contacts from one to the other, as data and as a sentence. Writes nothing.',
    body: explainRequest,
    response: { description: 'The chain.', schema: explainResponse },
    examples: CORRECTION_EXAMPLES.explain,
    failures: [
      'unauthenticated',
      'not_found',
      'payload_too_large',
      'unsupported_media_type',
      'rate_limited',
      'internal',
      'unavailable',
    ],
    invalid: {
      field: 'from',
      detail: 'from must be { contactId }, { email } or { phoneNumber }, one of them; found nothing.',
    },
  },
}

/** `GET /persons/{contactId}/history`. */
export const getPersonHistory: RestOperation = {
  operationId: 'getPersonHistory',
  method: 'GET',
  path: '/persons/{contactId}/history',
  run: (service, request) => service.corrections.history(parse(historyQueryText, parametersOf(request))),
  docs: {
    summary: 'List what happened to a person',
    description:
      'The events about the person, under whatever names it had, oldest first; as far back as events are kept. Go on with the id of the last one as `after`. Writes nothing.',
    parameters: [
      CONTACT_ID,
      {
        name: 'after',
        in: 'query',
        description: 'The id of the last event that was seen.',
        schema: z.string(),
        example: '1-0',
      },
      EVENT_LIMIT,
    ],
    response: { description: 'The events.', schema: eventList },
    examples: CORRECTION_EXAMPLES.history,
    failures: ['unauthenticated', 'not_found', 'rate_limited', 'internal', 'unavailable'],
    invalid: NOT_A_CONTACT,
  },
}

/** `GET /persons/{contactId}/as-of?at=…`. */
export const getPersonAsOf: RestOperation = {
  operationId: 'getPersonAsOf',
  method: 'GET',
  path: '/persons/{contactId}/as-of',
  run: (service, request) => service.corrections.asOf(parse(asOfQueryText, parametersOf(request))),
  docs: {
    summary: 'Get a person as it was',
    description:
      'What happened since is taken back, event by event. `isComplete` says whether the log tells all of it. Writes nothing.',
    parameters: [
      { ...CONTACT_ID, example: 1 },
      {
        name: 'at',
        in: 'query',
        description: 'ISO 8601, with a time zone.',
        schema: z.string(),
        example: '2023-04-10T00:00:00Z',
      },
    ],
    response: { description: 'The person as it was.', schema: asOfResponse },
    examples: CORRECTION_EXAMPLES.asOf,
    failures: ['unauthenticated', 'not_found', 'rate_limited', 'internal', 'unavailable'],
    invalid: NOT_A_CONTACT,
  },
}
