import type { AppRouter } from '@identity/api/router'
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import superjson from 'superjson'

/** What a call fails with: `data` holds the service's `identityCode` and field `problems`. */
export { TRPCClientError } from '@trpc/client'

/** The service's procedures, typed from its router. */
export type IdentityClient = TRPCClient<AppRouter>

export interface IdentityClientOptions {
  /** Where the service listens, e.g. `http://localhost:8000`. */
  url: string
}

/**
 * A client of the identity service. Calls made in one turn of the event loop travel in one HTTP request.
 *
 * @example
 * const client = createIdentityClient({ url: 'http://localhost:8000' })
 * const { contact } = await client.identify.mutate({ email: 'mcfly@hillvalley.edu', phoneNumber: '123456' })
 */
export function createIdentityClient({ url }: IdentityClientOptions): IdentityClient {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: new URL('/trpc', url).href,
        transformer: superjson,
        maxItems: 100,
        // Queries in the body too: an address has no room for a hundred, and proxies log it.
        methodOverride: 'POST',
      }),
    ],
  })
}
