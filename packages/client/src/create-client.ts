import type { AppRouter } from '@identity/api/portable'
import { createTRPCClient, httpBatchLink, splitLink, type TRPCClient } from '@trpc/client'
import superjson from 'superjson'
import { callLink } from './call-link.ts'
import { checkedHeaders } from './headers.ts'
import { callOptions, serviceUrl } from './options.ts'
import { subscriptionLink } from './subscription-link.ts'
import { checkedFetch } from './transport.ts'

/** The service's procedures, typed from its router. Each call fails with an `IdentityClientError` only. */
export interface IdentityClient extends TRPCClient<AppRouter> {}

/** What of the standard `fetch` the client needs. */
export type FetchLike = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal },
) => Promise<{
  status: number
  headers: { get(name: string): string | null }
  text(): Promise<string>
  /** A stream, as the standard says. Subscriptions read it; nothing else needs it. */
  body?: unknown
}>

export type RequestHeaders = Readonly<Record<string, string>>

export interface RetryOptions {
  /** Attempts in all, the first included. @default 6 */
  maxAttempts?: number
  /** The longest pause before the second attempt; it doubles with each further one. @default 200 */
  baseDelayMs?: number
  /** No pause of the client's own is longer; what `Retry-After` asks for may be. @default 2000 */
  maxDelayMs?: number
}

export interface IdentityClientOptions {
  /** Where the service listens, such as `http://localhost:8000`. A path is kept. */
  url: string | URL
  /** Sent as `Authorization: Bearer …`. */
  apiKey?: string | undefined
  /** Headers for each HTTP request, or a function that makes them, such as one that fetches a token. */
  headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>) | undefined
  /** @default the global `fetch` */
  fetch?: FetchLike | undefined
  /** How long a call may take, all its attempts and pauses together. @default 10000 */
  timeoutMs?: number | undefined
  /**
   * Calls that meet 429, 502, 503, 504 or a network fault are repeated, but for `webhooks.create` and
   * `webhooks.rotateSecret`; `false` never repeats.
   * @default { maxAttempts: 6, baseDelayMs: 200, maxDelayMs: 2000 }
   */
  retry?: RetryOptions | false | undefined
}

/**
 * A client of the identity service. Calls made in one turn of the event loop travel in one HTTP request.
 *
 * @example
 * const client = createIdentityClient({ url: 'http://localhost:8000' })
 * const { contact } = await client.identify.mutate({ email: 'mcfly@hillvalley.edu', phoneNumber: '123456' })
 *
 * @throws TypeError where an option is not valid
 */
export function createIdentityClient(options: IdentityClientOptions): IdentityClient {
  const url = serviceUrl(options.url)
  const headers = checkedHeaders(options)
  const inBatches = httpBatchLink<AppRouter>({
    url: `${url}/trpc`,
    transformer: superjson,
    // The service takes no more in one request.
    maxItems: 100,
    // Queries in the body too: an address has no room for a hundred, and proxies log it.
    methodOverride: 'POST',
    headers,
    fetch: checkedFetch(url, options.fetch),
  })
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: subscriptionLink({ url, headers, fetch: options.fetch, ...callOptions(options) }),
        false: [callLink({ url, ...callOptions(options) }), inBatches],
      }),
    ],
  })
}
