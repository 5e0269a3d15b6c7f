import { contactId } from '../../../contract-parts.ts'
import type { DocumentedFailure, FailureText } from '../../failures.ts'
import type { ParameterDocs } from '../../operation.ts'

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
export const NO_ENDPOINT: FailureText = {
  description: 'There is no such endpoint.',
  detail: 'There is no webhook endpoint 7. List those there are.',
}

export const ENDPOINT_ID: ParameterDocs = {
  name: 'id',
  in: 'path',
  description: 'The id of the endpoint.',
  schema: contactId,
  example: 3,
}
export const NOT_AN_ID = { field: 'id', detail: 'id must be a positive whole number; found "abc".' }
