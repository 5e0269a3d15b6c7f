import {
  appRouter,
  envelope,
  errorHeaders,
  internalError,
  MAX_BATCH_CALLS,
  problemDocument,
  responseMeta,
  type TrpcContext,
} from '@identity/api/portable'
import { IdentityError } from '@identity/core'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { CallOfRequest } from './fake-service.ts'

/** The tRPC procedures, batched or not, by the service's own router. */
export function trpcHandler(url: string, callOf: CallOfRequest): RequestHandler {
  return http.all(`${url}/trpc/*`, async ({ request }) => {
    let call: TrpcContext
    try {
      call = { ...(await callOf(request)), stillAllowed() {} }
    } catch (cause) {
      if (cause instanceof Response) throw cause
      return refusal(cause instanceof IdentityError ? cause : internalError(cause))
    }
    return fetchRequestHandler({
      endpoint: `${new URL(url).pathname.replace(/\/$/, '')}/trpc`,
      req: request,
      router: appRouter,
      createContext: () => call,
      allowMethodOverride: true,
      maxBatchSize: MAX_BATCH_CALLS,
      responseMeta,
    })
  })
}

function refusal(error: IdentityError): Response {
  return new HttpResponse(JSON.stringify(envelope(error)), {
    status: problemDocument(error).status,
    headers: { 'content-type': 'application/json', ...errorHeaders(error) },
  })
}
