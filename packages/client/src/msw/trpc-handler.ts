import {
  appRouter,
  envelope,
  errorHeaders,
  type IdentityOperations,
  internalError,
  problemDocument,
  responseMeta,
  type TrpcContext,
} from '@identity/api/portable'
import { IdentityError } from '@identity/core'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { HttpResponse, http, type RequestHandler } from 'msw'
import type { OperationsForRequest } from './fake-service.ts'

/** The tRPC procedures, batched or not, by the service's own router. */
export function trpcHandler(url: string, operationsForRequest: OperationsForRequest): RequestHandler {
  return http.all(`${url}/trpc/*`, async ({ request }) => {
    let service: IdentityOperations
    try {
      service = await operationsForRequest(request)
    } catch (cause) {
      if (cause instanceof Response) throw cause
      return refusal(cause instanceof IdentityError ? cause : internalError(cause))
    }
    return fetchRequestHandler({
      endpoint: `${new URL(url).pathname.replace(/\/$/, '')}/trpc`,
      req: request,
      router: appRouter,
      createContext: () => ({ service }) satisfies TrpcContext,
      allowMethodOverride: true,
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
