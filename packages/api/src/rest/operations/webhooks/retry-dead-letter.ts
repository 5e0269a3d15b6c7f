import { contactId } from '../../../contract-parts.ts'
import { parse } from '../../../parse.ts'
import { deadLetter, webhookByIdText } from '../../../webhook-contract.ts'
import type { RestOperation } from '../../operation.ts'
import { FAILURES, FORBIDDEN, NOT_AN_ID } from '../admin-parts.ts'
import { DEAD_LETTER } from './examples.ts'

/** `POST /webhooks/dead-letters/{id}/retry`. */
export const retryDeadLetter: RestOperation = {
  operationId: 'retryDeadLetter',
  method: 'POST',
  path: '/webhooks/dead-letters/{id}/retry',
  run: (service, { params }) => service.webhooks.retryDeadLetter(parse(webhookByIdText, params)),
  docs: {
    summary: 'Send an event again',
    description:
      'It is sent with the same `webhook-id` as before, as often as a new one. Once it is acknowledged, it is no dead letter any more. Repeating is safe.',
    parameters: [{ name: 'id', in: 'path', description: 'The id of the dead letter.', schema: contactId, example: 5 }],
    response: { description: 'The dead letter, which waits to be sent.', schema: deadLetter },
    examples: [
      {
        name: 'requested',
        summary: 'It is sent as soon as may be',
        url: '/webhooks/dead-letters/5/retry',
        response: { ...DEAD_LETTER, retryRequestedAt: '2023-04-24T08:00:00.000Z' },
      },
    ],
    failures: [...FAILURES, 'not_found', 'gone'],
    failureTexts: {
      forbidden: FORBIDDEN,
      not_found: {
        description: 'There is no such dead letter.',
        detail: 'There is no dead letter 7: it was never there, or was delivered since. List those there are.',
      },
      gone: {
        description: 'Its event is no longer in the log.',
        detail:
          'The event 17-0 of the dead letter 5 was deleted, as it is older than the service keeps events. It cannot be sent again.',
      },
    },
    invalid: NOT_AN_ID,
  },
}
