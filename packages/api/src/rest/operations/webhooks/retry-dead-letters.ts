import { parse } from '../../../parse.ts'
import { retries, webhookByIdText } from '../../../webhook-contract.ts'
import type { RestOperation } from '../../operation.ts'
import { FAILURES, FORBIDDEN, NOT_AN_ID } from '../admin-parts.ts'
import { ENDPOINT_ID, NO_ENDPOINT } from './parts.ts'

/** `POST /webhooks/{id}/retry`. */
export const retryDeadLetters: RestOperation = {
  operationId: 'retryDeadLetters',
  method: 'POST',
  path: '/webhooks/{id}/retry',
  run: (service, { params }) => service.webhooks.retryDeadLetters({ endpointId: parse(webhookByIdText, params).id }),
  docs: {
    summary: 'Send all dead letters of an endpoint again',
    description: 'As after an outage of the receiver. Repeating is safe.',
    parameters: [ENDPOINT_ID],
    response: { description: 'How many there are that were not waiting already.', schema: retries },
    examples: [{ name: 'requested', summary: 'Forty of them', url: '/webhooks/3/retry', response: { retries: 40 } }],
    failures: [...FAILURES, 'not_found'],
    failureTexts: { forbidden: FORBIDDEN, not_found: NO_ENDPOINT },
    invalid: NOT_AN_ID,
  },
}
