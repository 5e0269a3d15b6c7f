import { webhookList } from '../../../webhook-contract.ts'
import type { RestOperation } from '../../operation.ts'
import { FAILURES, FORBIDDEN } from '../admin-parts.ts'
import { ENDPOINT } from './examples.ts'

/** `GET /webhooks`. */
export const listWebhooks: RestOperation = {
  operationId: 'listWebhooks',
  method: 'GET',
  path: '/webhooks',
  run: (service) => service.webhooks.list(),
  docs: {
    summary: 'List the addresses that events are sent to',
    description: 'All endpoints of the workspace, without their secrets. Writes nothing.',
    response: { description: 'The endpoints.', schema: webhookList },
    examples: [{ name: 'one', summary: 'One endpoint', url: '/webhooks', response: { endpoints: [ENDPOINT] } }],
    failures: FAILURES,
    failureTexts: { forbidden: FORBIDDEN },
  },
}
