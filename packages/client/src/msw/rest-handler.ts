import {
  BODY_ERRORS,
  errorHeaders,
  internalError,
  PROBLEM_TYPE,
  problemDocument,
  type RestOperation,
} from '@identity/api/portable'
import { IdentityError } from '@identity/core'
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { CallOfRequest } from './fake-service.ts'

/** One plain HTTP operation, with and without a slash at the end. */
export function restHandler(
  url: string,
  { method, path, bodyLimitBytes, run }: RestOperation,
  callOf: CallOfRequest,
): RequestHandler {
  const on = http[method.toLowerCase() as Lowercase<RestOperation['method']>]
  return on(url + path.replaceAll(/\{(\w+)\}/g, ':$1'), async ({ request, params }) => {
    try {
      const { service, origin } = await callOf(request)
      const body = bodyLimitBytes === undefined ? undefined : await readBody(request, bodyLimitBytes)
      const { pathname, search } = new URL(request.url)
      return HttpResponse.json(await run(service, { body, params, url: pathname + search, origin }), {
        headers: { 'content-type': 'application/json; charset=utf-8' },
      })
    } catch (cause) {
      if (cause instanceof Response) throw cause
      return problemResponse(cause instanceof IdentityError ? cause : internalError(cause))
    }
  })
}

function problemResponse(error: IdentityError): Response {
  const document = problemDocument(error)
  return new HttpResponse(JSON.stringify(document), {
    status: document.status,
    headers: {
      'content-type': `${PROBLEM_TYPE}; charset=utf-8`,
      ...errorHeaders(error),
    },
  })
}

/** As the server's HTTP layer reads it. @throws IdentityError */
async function readBody(request: Request, limitBytes: number): Promise<unknown> {
  const bytes = await request.arrayBuffer()
  const type = request.headers.get('content-type')
  if (type === null && bytes.byteLength === 0) return undefined
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) throw BODY_ERRORS.notJson()
  if (bytes.byteLength > limitBytes) throw BODY_ERRORS.tooLarge()
  if (bytes.byteLength === 0) throw BODY_ERRORS.empty()
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw BODY_ERRORS.unparsable()
  }
}
