import { IdentityError } from '@identity/core'
import { TRANSPORT } from '../errors.ts'
import type { ProblemDocument } from '../types.ts'

export const PROBLEM_TYPE = 'application/problem+json'

/** What plain HTTP says of an error (RFC 9457). */
export function problemDocument({ code, message, problems }: IdentityError): ProblemDocument {
  const { status, title } = TRANSPORT[code]
  const document: ProblemDocument = { type: 'about:blank', title, status, code, detail: message }
  if (problems.length > 0) document.errors = [...problems]
  return document
}

/** What can be wrong with a body before anyone reads it, whatever the host. */
export const BODY_ERRORS = {
  tooLarge: () => new IdentityError('payload_too_large', 'The body is too large. Send less at a time.'),
  notJson: () =>
    new IdentityError('unsupported_media_type', 'The body must be JSON, with Content-Type: application/json.'),
  empty: () => malformed('body must be a JSON object; found nothing.'),
  unparsable: () => malformed('body must be valid JSON; it could not be parsed.'),
}

export function malformed(detail: string): IdentityError {
  return new IdentityError('invalid_request', detail, { problems: [{ field: 'body', detail }] })
}
