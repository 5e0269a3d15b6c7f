import { parse } from '../../../parse.ts'
import { createdWebhook, webhookByIdText } from '../../../webhook-contract.ts'
import { MAYBE_ROTATED } from '../../../webhook-service.ts'
import type { RestOperation } from '../../operation.ts'
import { FAILURES, FORBIDDEN, NOT_AN_ID } from '../admin-parts.ts'
import { CREATED } from './examples.ts'
import { ENDPOINT_ID, MADE_ANEW, NO_ENDPOINT } from './parts.ts'

/** `POST /webhooks/{id}/secret`. */
export const rotateWebhookSecret: RestOperation = {
  operationId: 'rotateWebhookSecret',
  method: 'POST',
  path: '/webhooks/{id}/secret',
  run: (service, { params }) => service.webhooks.rotateSecret(parse(webhookByIdText, params)),
  docs: {
    summary: 'Give an endpoint a new secret',
    description:
      'The answer shows it, this once. For 24 hours each delivery has two signatures, with the new secret and with the one before.',
    parameters: [ENDPOINT_ID],
    response: { description: 'The endpoint and its new secret.', schema: createdWebhook },
    examples: [{ name: 'rotated', summary: 'A new secret', url: '/webhooks/3/secret', response: CREATED }],
    failures: [...FAILURES, 'not_found'],
    failureTexts: {
      forbidden: FORBIDDEN,
      not_found: NO_ENDPOINT,
      unavailable: { description: MADE_ANEW, detail: MAYBE_ROTATED },
    },
    invalid: NOT_AN_ID,
  },
}
