import type { IdentityErrorCode } from '@identity/core'

/** What the document says of each code: when it comes, and the words it comes with, for example. */
export const FAILURES: Readonly<Record<IdentityErrorCode, { description: string; detail: string }>> = {
  invalid_request: {
    description: 'The request is not valid; `errors` names each field.',
    detail: 'email must be an address such as "ann@example.com"; found "ann".',
  },
  not_found: {
    description: 'There is no such person.',
    detail: 'There is no contact 7. GET /persons?email=… finds a person by e-mail.',
  },
  method_not_allowed: {
    description: 'The path takes other methods; `Allow` lists them.',
    detail: 'This path does not take PUT. Use POST.',
  },
  payload_too_large: {
    description: 'The body is too large.',
    detail: 'The body is too large. Send less at a time.',
  },
  unsupported_media_type: {
    description: 'The body is not JSON.',
    detail: 'The body must be JSON, with Content-Type: application/json.',
  },
  rate_limited: {
    description: 'Too many requests from this client.',
    detail: 'More than 600 requests in a minute. Wait 12 s.',
  },
  internal: {
    description: 'The service failed; its log says why.',
    detail: 'The service failed on this request; its log says why. Repeating it is safe.',
  },
  unavailable: {
    description: 'The service cannot serve now. Repeating is safe.',
    detail: 'The database did not answer in time. Repeat the request: that is safe.',
  },
}
