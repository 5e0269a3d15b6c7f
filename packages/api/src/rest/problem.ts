import type { IncomingHttpHeaders } from 'node:http'
import { IdentityError, show } from '@identity/core'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { errorHeaders } from '../error-headers.ts'
import { internalError } from '../errors.ts'
import { logFailure } from '../log-failure.ts'
import { BODY_ERRORS, malformed, PROBLEM_TYPE, problemDocument } from './problem-document.ts'

/** The HTTP layer's own errors, in the service's words. `headers` are the request's. */
export function toIdentityError(error: FastifyError | Error, headers: IncomingHttpHeaders): IdentityError {
  if (error instanceof IdentityError) return error
  const code = 'code' in error ? error.code : undefined
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return BODY_ERRORS.tooLarge()
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return BODY_ERRORS.notJson()
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return BODY_ERRORS.empty()
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return encodingError(headers) ?? BODY_ERRORS.unparsable()
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformed('body and Content-Length disagree.')
    case 'FST_ERR_MAX_PARAM_LENGTH': {
      const detail = 'The path is longer than any there is. Of a tRPC batch, send fewer calls in one request.'
      return new IdentityError('invalid_request', detail, { problems: [{ field: 'path', detail }] })
    }
    case 'FST_ERR_BAD_URL':
      return new IdentityError('not_found', 'The path is not valid. GET /openapi.json lists the paths there are.')
    default:
      return isCallersFault(error) ? malformed('body or headers could not be read.') : internalError(error)
  }
}

/** Why a body is no JSON: it may be, in an encoding that is not taken. */
function encodingError(headers: IncomingHttpHeaders): IdentityError | undefined {
  const encoding = headers['content-encoding'] ?? 'identity'
  const charset = /;\s*charset="?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  if (!/^identity$/i.test(encoding)) {
    const detail = `The body came with Content-Encoding: ${show(encoding)}. Send it as it is, without that header.`
    return new IdentityError('unsupported_media_type', detail)
  }
  if (/^utf-?8$/i.test(charset)) return undefined
  const detail = `The body came with charset ${show(charset)} in Content-Type. Send JSON in UTF-8.`
  return new IdentityError('unsupported_media_type', detail)
}

/** A status that the HTTP layer chose, or a caller who went away in the middle of the request. */
function isCallersFault(error: FastifyError | Error): boolean {
  const { code, statusCode = 500 } = error as Partial<FastifyError>
  return (statusCode >= 400 && statusCode < 500) || code === 'ECONNRESET' || code === 'ECONNABORTED'
}

/** Answers with a problem document (RFC 9457), whatever failed; logs what the caller must not see. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, cause: FastifyError | Error): FastifyReply {
  const error = toIdentityError(cause, request.headers)
  const document = problemDocument(error)
  request.outcome = error.code
  logFailure(request, `${request.method} ${request.routeOptions.url ?? 'unknown route'}`, error)
  return reply
    .code(document.status)
    .headers(errorHeaders(error))
    .type(`${PROBLEM_TYPE}; charset=utf-8`)
    .send(JSON.stringify(document))
}
