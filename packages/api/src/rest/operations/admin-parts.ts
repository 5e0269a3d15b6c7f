import type { DocumentedFailure, FailureText } from '../failures.ts'

/*
 * What operations that need the scope admin have in common.
 */

export const BODY_LIMIT_BYTES = 16 * 1024

/** What all of them may fail with. */
export const FAILURES: readonly DocumentedFailure[] = [
  'unauthenticated',
  'forbidden',
  'rate_limited',
  'internal',
  'unavailable',
]
export const BODY_FAILURES: readonly DocumentedFailure[] = ['payload_too_large', 'unsupported_media_type']

export const FORBIDDEN: FailureText = {
  description: 'The API key does not allow this.',
  detail: 'This needs an API key with the scope admin; the one that was sent has identify.',
}

export const NOT_AN_ID = { field: 'id', detail: 'id must be a positive whole number; found "abc".' }
