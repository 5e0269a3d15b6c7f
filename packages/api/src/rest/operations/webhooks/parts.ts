import { contactId } from '../../../contract-parts.ts'
import type { FailureText } from '../../failures.ts'
import type { ParameterDocs } from '../../operation.ts'

export const NO_ENDPOINT: FailureText = {
  description: 'There is no such endpoint.',
  detail: 'There is no webhook endpoint 7. List those there are.',
}

/** When `unavailable` comes to what repeating does not suit. */
export const MADE_ANEW = 'The service cannot serve now, and may have done it: each request makes another.'

export const ENDPOINT_ID: ParameterDocs = {
  name: 'id',
  in: 'path',
  description: 'The id of the endpoint.',
  schema: contactId,
  example: 3,
}
