import { NO_CHOICES } from '@identity/core'
import { parse } from '../../../parse.ts'
import { policy, policyChange } from '../../../rule-contract.ts'
import type { RestOperation } from '../../operation.ts'
import { BODY_FAILURES, BODY_LIMIT_BYTES, FAILURES, FORBIDDEN } from '../admin-parts.ts'
import { READ_FAILURES, SETTLES, TOO_MANY_RULES } from './parts.ts'

/** `GET /policy`. */
export const getPolicy: RestOperation = {
  operationId: 'getPolicy',
  method: 'GET',
  path: '/policy',
  run: (service) => service.rules.getPolicy(),
  docs: {
    summary: 'Get what the workspace limits and blocks',
    description: 'What is beside its block rules. Writes nothing.',
    response: { description: 'The policy.', schema: policy },
    examples: [{ name: 'none', summary: 'Nothing is limited', url: '/policy', response: NO_CHOICES }],
    failures: READ_FAILURES,
  },
}

/** `PATCH /policy`. */
export const updatePolicy: RestOperation = {
  operationId: 'updatePolicy',
  method: 'PATCH',
  path: '/policy',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body, origin }) => service.rules.setPolicy(parse(policyChange, body), origin),
  docs: {
    summary: 'Change what the workspace limits and blocks',
    description: `What is left out stays. ${SETTLES}`,
    body: policyChange,
    response: { description: 'The whole policy.', schema: policy },
    examples: [
      {
        name: 'limit',
        summary: 'No person of more than twenty e-mails, and none by the usual junk',
        url: '/policy',
        body: { blockJunk: true, maxEmails: 20 },
        response: { ...NO_CHOICES, blockJunk: true, maxEmails: 20 },
      },
    ],
    failures: [...FAILURES, ...BODY_FAILURES, 'conflict'],
    failureTexts: {
      forbidden: FORBIDDEN,
      conflict: { ...TOO_MANY_RULES, description: `${TOO_MANY_RULES.description} The preset counts as one.` },
    },
    invalid: { field: 'maxEmails', detail: 'maxEmails must be a whole number from 1, or null for none; found 0.' },
  },
}
