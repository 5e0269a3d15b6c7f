import { z } from 'zod'
import { eventList, eventsQueryText, MAX_EVENTS } from '../../contract.ts'
import { parse } from '../../parse.ts'
import { EVENT_EXAMPLES } from '../event-examples.ts'
import type { ParameterDocs, RestOperation } from '../operation.ts'
import { queryOf } from '../query.ts'

/** Of whatever lists events. */
export const EVENT_LIMIT: ParameterDocs = {
  name: 'limit',
  in: 'query',
  description: 'How many events at the most.',
  schema: z.int().min(1).max(MAX_EVENTS).default(100),
  example: 100,
}

/** `GET /events?after=…&limit=…`. */
export const listEvents: RestOperation = {
  operationId: 'listEvents',
  method: 'GET',
  path: '/events',
  run: (service, { url }) => service.listEvents(parse(eventsQueryText, Object.fromEntries(queryOf(url)))),
  docs: {
    summary: 'List what happened to persons',
    description:
      'Events by ids alone, oldest first. Go on with the id of the last one as `after`: so each event comes once, after those that it follows from, however many servers write. An empty list means that there are no more for now. Writes nothing.',
    parameters: [
      {
        name: 'after',
        in: 'query',
        description: 'The id of the last event that was seen. Without it, from the oldest that is kept.',
        schema: z.string(),
        example: '1-0',
      },
      EVENT_LIMIT,
    ],
    response: { description: 'The events.', schema: eventList },
    examples: EVENT_EXAMPLES,
    failures: ['unauthenticated', 'gone', 'rate_limited', 'internal', 'unavailable'],
    invalid: {
      field: 'after',
      detail: 'after must be the id of an event of this workspace, such as "17-0"; found "x".',
    },
  },
}
