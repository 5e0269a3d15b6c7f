import { contactId } from '../../../contract-parts.ts'
import { parse } from '../../../parse.ts'
import {
  blockPreview,
  blockRule,
  blockRuleList,
  byIdText,
  newBlockRule,
  previewedBlock,
  removal,
} from '../../../rule-contract.ts'
import type { BlockRule } from '../../../rule-types.ts'
import type { RestOperation } from '../../operation.ts'
import { BODY_FAILURES, BODY_LIMIT_BYTES, FAILURES, FORBIDDEN, NOT_AN_ID } from '../admin-parts.ts'
import { READ_FAILURES, SETTLES, TOO_MANY_RULES } from './parts.ts'

const RULE: BlockRule = {
  id: 1,
  kind: 'phone',
  pattern: '0000*',
  createdAt: '2023-04-23T10:00:00.374Z',
  actor: null,
  isApplied: false,
}
const NOT_A_KIND = { field: 'kind', detail: 'kind must be "email" or "phone"; found "name".' }

/** `GET /block-rules`. */
export const listBlockRules: RestOperation = {
  operationId: 'listBlockRules',
  method: 'GET',
  path: '/block-rules',
  run: (service) => service.rules.listBlockRules(),
  docs: {
    summary: 'List the values that never link',
    description: 'All block rules of the workspace, oldest first. Writes nothing.',
    response: { description: 'The rules.', schema: blockRuleList },
    examples: [{ name: 'one', summary: 'One rule', url: '/block-rules', response: { rules: [RULE] } }],
    failures: READ_FAILURES,
  },
}

/** `POST /block-rules`. */
export const addBlockRule: RestOperation = {
  operationId: 'addBlockRule',
  method: 'POST',
  path: '/block-rules',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body, origin }) => service.rules.addBlockRule(parse(newBlockRule, body), origin),
  docs: {
    summary: 'Block a value, or all that begin or end alike',
    description: `What is blocked never links and counts as absent. The rule is applied to the persons there are in the background; \`isApplied\` says when that is done. Where there is such a rule already, that one is answered. ${SETTLES}`,
    body: newBlockRule,
    response: { description: 'The rule.', schema: blockRule },
    examples: [
      {
        name: 'prefix',
        summary: 'Phone numbers that begin with four zeros',
        url: '/block-rules',
        body: { kind: RULE.kind, pattern: RULE.pattern },
        response: RULE,
      },
    ],
    failures: [...FAILURES, ...BODY_FAILURES, 'conflict'],
    failureTexts: { forbidden: FORBIDDEN, conflict: TOO_MANY_RULES },
    invalid: NOT_A_KIND,
  },
}

/** `DELETE /block-rules/{id}`. */
export const removeBlockRule: RestOperation = {
  operationId: 'removeBlockRule',
  method: 'DELETE',
  path: '/block-rules/{id}',
  run: (service, { params, origin }) => service.rules.removeBlockRule(parse(byIdText, params), origin),
  docs: {
    summary: 'Remove a block rule',
    description: `It takes nothing back: the value links whoever brings it next. ${SETTLES}`,
    parameters: [{ name: 'id', in: 'path', description: 'The id of the rule.', schema: contactId, example: 1 }],
    response: { description: 'Whether there was one.', schema: removal },
    examples: [{ name: 'removed', summary: 'It was there', url: '/block-rules/1', response: { removed: true } }],
    failures: FAILURES,
    failureTexts: { forbidden: FORBIDDEN },
    invalid: NOT_AN_ID,
  },
}

/** `POST /block-rules/preview`. */
export const previewBlockRule: RestOperation = {
  operationId: 'previewBlockRule',
  method: 'POST',
  path: '/block-rules/preview',
  bodyLimitBytes: BODY_LIMIT_BYTES,
  run: (service, { body }) => service.rules.previewBlockRule(parse(previewedBlock, body)),
  docs: {
    summary: 'Say what a block rule would do to the persons there are',
    description: 'Takes a rule, or the preset of the usual junk. Writes nothing.',
    body: previewedBlock,
    response: { description: 'How many persons it would touch and split.', schema: blockPreview },
    examples: [
      {
        name: 'value',
        summary: 'A phone number that two customers share',
        url: '/block-rules/preview',
        body: { kind: 'phone', pattern: '123456' },
        response: { persons: 1, splitPersons: 1, partsAfter: 2, sample: [1], isComplete: true },
      },
      {
        name: 'preset',
        summary: 'The usual junk, which nobody here has',
        url: '/block-rules/preview',
        body: { preset: 'junk' },
        response: { persons: 0, splitPersons: 0, partsAfter: 0, sample: [], isComplete: true },
      },
    ],
    failures: [...READ_FAILURES, ...BODY_FAILURES],
    invalid: { field: 'body', detail: 'body must be { kind, pattern } or { preset: "junk" }; found an array.' },
  },
}
