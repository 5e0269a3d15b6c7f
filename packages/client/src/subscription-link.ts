import type { AppRouter } from '@identity/api/portable'
import { httpSubscriptionLink, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import superjson from 'superjson'
import { asClientError } from './as-client-error.ts'
import { EventStream, type EventStreamOptions } from './event-stream.ts'

/**
 * Subscriptions, over server-sent events. One that loses its connection goes on after the last event that it has seen,
 * for as long as it takes; it fails with an IdentityClientError, and only where to connect again would not help.
 */
export function subscriptionLink(options: EventStreamOptions): TRPCLink<AppRouter> {
  const link = httpSubscriptionLink<AppRouter, typeof EventStream>({
    url: `${options.url}/trpc`,
    transformer: superjson,
    EventSource: EventStream,
    eventSourceOptions: () => options,
  })
  return (runtime) => {
    const subscribe = link(runtime)
    return (operation) =>
      observable((observer) => {
        const subscription = subscribe(operation).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (cause) => observer.error(asClientError(cause, 1)),
        })
        return () => subscription.unsubscribe()
      })
  }
}
