import { z } from 'zod'
import { MAX_LISTED } from '../../../rule-contract.ts'
import type { DocumentedFailure, FailureText } from '../../failures.ts'
import type { ParameterDocs } from '../../operation.ts'

/** What those that change nothing may fail with: any key may look. */
export const READ_FAILURES: readonly DocumentedFailure[] = [
  'unauthenticated',
  'rate_limited',
  'internal',
  'unavailable',
]

/** What adding a rule may fail with. */
export const TOO_MANY_RULES: FailureText = {
  description: 'The workspace has as many block rules as it may.',
  detail: 'There are 1000 block rules, which is as many as a workspace may have. Remove some, or use patterns.',
}

/** Of a change that every server works by before it is answered. */
export const SETTLES = 'It is answered when every server works by it, about a second later. Repeating is safe.'

/** Of a list. */
export const LIMIT: ParameterDocs = {
  name: 'limit',
  in: 'query',
  description: 'How many at the most.',
  schema: z.int().min(1).max(MAX_LISTED).default(100),
  example: 100,
}
