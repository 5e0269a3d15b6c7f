import { parse } from '../../../parse.ts'
import { deletedWebhook, webhookByIdText } from '../../../webhook-contract.ts'
import type { RestOperation } from '../../operation.ts'
import { FAILURES, FORBIDDEN, NOT_AN_ID } from '../admin-parts.ts'
import { ENDPOINT_ID } from './parts.ts'

/** `DELETE /webhooks/{id}`. */
export const deleteWebhook: RestOperation = {
  operationId: 'deleteWebhook',
  method: 'DELETE',
  path: '/webhooks/{id}',
  run: (service, { params }) => service.webhooks.delete(parse(webhookByIdText, params)),
  docs: {
    summary: 'Delete an endpoint and its dead letters',
    description: 'Nothing more is sent to it. Repeating is safe.',
    parameters: [ENDPOINT_ID],
    response: { description: 'Whether there was one.', schema: deletedWebhook },
    examples: [{ name: 'deleted', summary: 'It was there', url: '/webhooks/3', response: { deleted: true } }],
    failures: FAILURES,
    failureTexts: { forbidden: FORBIDDEN },
    invalid: NOT_AN_ID,
  },
}
