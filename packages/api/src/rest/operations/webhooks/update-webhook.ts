import { parse } from '../../../parse.ts'
import { webhookByIdText, webhookChange, webhookEndpoint } from '../../../webhook-contract.ts'
import type { RestOperation } from '../../operation.ts'
import { BODY_FAILURES, BODY_LIMIT_BYTES, FAILURES, FORBIDDEN, NOT_AN_ID } from '../admin-parts.ts'
import { ENDPOINT } from './examples.ts'
import { ENDPOINT_ID, NO_ENDPOINT } from './parts.ts'

/** `PATCH /webhooks/{id}`. */
export const updateWebhook: RestOperation = {
  operationId: 'updateWebhook',
  method: 'PATCH',
  path: '/webhooks/{id}',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { params, body }) =>
    service.webhooks.update({ ...parse(webhookChange, body), ...parse(webhookByIdText, params) }),
  docs: {
    summary: 'Change, disable or enable an endpoint',
    description:
      'What is left out stays. One that is enabled again is sent all that happened meanwhile, as far as the log has it.',
    parameters: [ENDPOINT_ID],
    body: webhookChange,
    response: { description: 'The endpoint.', schema: webhookEndpoint },
    examples: [
      {
        name: 'disable',
        summary: 'Nothing is sent from now on',
        url: '/webhooks/3',
        body: { enabled: false },
        response: { ...ENDPOINT, disabledAt: '2023-04-24T08:00:00.000Z', disabledReason: 'request' },
      },
    ],
    failures: [...FAILURES, ...BODY_FAILURES, 'not_found'],
    failureTexts: { forbidden: FORBIDDEN, not_found: NO_ENDPOINT },
    invalid: NOT_AN_ID,
  },
}
