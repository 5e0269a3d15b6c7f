import { parse } from '../../../parse.ts'
import { createdWebhook, newWebhook } from '../../../webhook-contract.ts'
import { MAYBE_CREATED } from '../../../webhook-service.ts'
import type { RestOperation } from '../../operation.ts'
import { BODY_FAILURES, BODY_LIMIT_BYTES, FAILURES, FORBIDDEN } from '../admin-parts.ts'
import { CREATED, ENDPOINT } from './examples.ts'
import { MADE_ANEW } from './parts.ts'

/** `POST /webhooks`. */
export const createWebhook: RestOperation = {
  operationId: 'createWebhook',
  method: 'POST',
  path: '/webhooks',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body }) => service.webhooks.create(parse(newWebhook, body)),
  docs: {
    summary: 'Have events sent to an address',
    description:
      'Every event from now on is posted there, signed as Standard Webhooks says, at least once and in order for each person. The answer shows the secret that deliveries are signed with, this once.',
    body: newWebhook,
    response: { description: 'The endpoint and its secret.', schema: createdWebhook },
    examples: [
      { name: 'all', summary: 'All types of events', url: '/webhooks', body: { url: ENDPOINT.url }, response: CREATED },
    ],
    failures: [...FAILURES, ...BODY_FAILURES, 'conflict'],
    failureTexts: {
      forbidden: FORBIDDEN,
      unavailable: { description: MADE_ANEW, detail: MAYBE_CREATED },
      conflict: {
        description: 'The workspace has as many endpoints as it may.',
        detail:
          'This workspace has 20 webhook endpoints, and no more than 20 are allowed. Delete one that is not used.',
      },
    },
    invalid: {
      field: 'url',
      detail:
        'url must be a public https address without a user name, such as "https://shop.example/hooks"; found "http://10.0.0.1/".',
    },
  },
}
