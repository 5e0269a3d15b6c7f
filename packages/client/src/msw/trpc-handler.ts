import { appRouter, retryAfterMeta, type TrpcContext } from '@identity/api/portable'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { http, type RequestHandler } from 'msw'
import type { ServiceForRequest } from './fake-service.ts'

/** The tRPC procedures, batched or not, by the service's own router. */
export function trpcHandler(url: string, serviceForRequest: ServiceForRequest): RequestHandler {
  return http.all(`${url}/trpc/*`, async ({ request }) => {
    const service = await serviceForRequest()
    return fetchRequestHandler({
      endpoint: `${new URL(url).pathname.replace(/\/$/, '')}/trpc`,
      req: request,
      router: appRouter,
      createContext: () => ({ service }) satisfies TrpcContext,
      allowMethodOverride: true,
      responseMeta: retryAfterMeta,
    })
  })
}
