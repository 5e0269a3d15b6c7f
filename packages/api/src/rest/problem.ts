import { IdentityError } from '@identity/core'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { internalError, TRANSPORT } from '../errors.ts'
import { logFailure } from '../log-failure.ts'
import type { ProblemDocument } from '../types.ts'

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** The HTTP layer's own errors, in the service's words. */
function toIdentityError(error: FastifyError | Error): IdentityError {
  if (error instanceof IdentityError) return error
  const code = 'code' in error ? error.code : undefined
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new IdentityError('payload_too_large', 'The body is too large. Send less at a time.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new IdentityError('unsupported_media_type', 'The body must be JSON, with Content-Type: application/json.')
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return malformed('body must be a JSON object; found nothing.')
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return malformed('body must be valid JSON; it could not be parsed.')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformed('body and Content-Length disagree.')
    case 'FST_ERR_BAD_URL':
      return new IdentityError('not_found', 'The path is not valid. GET /openapi.json lists the paths there are.')
    default:
      return isCallersFault(error) ? malformed('body or headers could not be read.') : internalError(error)
  }
}

/** A status that the HTTP layer chose, or a caller who went away in the middle of the request. */
function isCallersFault(error: FastifyError | Error): boolean {
  const { code, statusCode = 500 } = error as Partial<FastifyError>
  return (statusCode >= 400 && statusCode < 500) || code === 'ECONNRESET' || code === 'ECONNABORTED'
}

function malformed(detail: string): IdentityError {
  return new IdentityError('invalid_request', detail, { problems: [{ field: 'body', detail }] })
}

/** Answers with a problem document (RFC 9457), whatever failed; logs what the caller must not see. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, cause: FastifyError | Error): FastifyReply {
  const error = toIdentityError(cause)
  const { status, title } = TRANSPORT[error.code]
  const document: ProblemDocument = { type: 'about:blank', title, status, code: error.code, detail: error.message }
  if (error.problems.length > 0) document.errors = [...error.problems]
  if (error.retryAfterS !== undefined) reply.header('retry-after', error.retryAfterS)
  logFailure(request.log, `${request.method} ${request.routeOptions.url ?? 'unknown route'}`, error)
  return reply.code(status).type(PROBLEM_TYPE).send(JSON.stringify(document))
}
