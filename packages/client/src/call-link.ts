import type { AppRouter } from '@identity/api/portable'
import type { TRPCClientError, TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { asClientError } from './as-client-error.ts'
import { pauseMs } from './backoff.ts'
import { IdentityClientError } from './error.ts'
import type { CallOptions } from './options.ts'

/** What is made anew each time: repeated after a lost answer, there would be a second endpoint, or secret, of nobody. */
const MADE_ANEW: ReadonlySet<string> = new Set(['webhooks.create', 'webhooks.rotateSecret'])

/**
 * What a call is beside its transport: it ends within its time, at once when its signal says so, is repeated while that
 * may help, and fails with an IdentityClientError.
 *
 *     send ──answer──────────────────────────────▶ done
 *      ▲  └──failure──▶ worth repeating? ──no────▶ failed
 *      └────pause────────────┘yes
 *     and from anywhere: deadline or abort ──────▶ failed
 */
export function callLink({ url, ...options }: CallOptions & { url: string }): TRPCLink<AppRouter> {
  const randomOf = sharedRandom()
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const repetition = MADE_ANEW.has(op.path) ? { ...options, maxAttempts: 1 } : options
        const deadlineMs = performance.now() + options.timeoutMs
        let attempts = 0
        let attempt: Unsubscribable | undefined
        let pause: ReturnType<typeof setTimeout> | undefined
        let last: IdentityClientError | undefined

        const deadline = setTimeout(() => fail(timedOut(url, options.timeoutMs, attempts, last)), options.timeoutMs)
        op.signal?.addEventListener('abort', abort, { once: true })

        function stop(): void {
          clearTimeout(deadline)
          clearTimeout(pause)
          op.signal?.removeEventListener('abort', abort)
          attempt?.unsubscribe()
        }

        function fail(error: IdentityClientError): void {
          stop()
          observer.error(error)
        }

        function abort(): void {
          const cause: unknown = op.signal?.reason
          fail(new IdentityClientError('aborted', 'The call was aborted by its signal.', { cause }))
        }

        function send(): void {
          attempts += 1
          attempt = next(op).subscribe({
            next: (value) => observer.next(value),
            complete() {
              stop()
              observer.complete()
            },
            error(cause) {
              last = asClientError(cause, attempts)
              const waitMs = pauseMs(last, attempts, randomOf(cause), repetition)
              if (waitMs === undefined || performance.now() + waitMs >= deadlineMs) fail(last)
              else pause = setTimeout(send, waitMs)
            },
          })
        }

        if (op.signal?.aborted) abort()
        else send()
        return stop
      })
}

/**
 * Calls that failed together pause together, so that they travel together again: else a batch that meets an overloaded
 * server would come back as a request a call.
 */
function sharedRandom(): (cause: TRPCClientError<AppRouter>) => number {
  const drawn = new WeakMap<object, number>()
  return (cause) => {
    const together = (cause.meta?.response as object | undefined) ?? cause
    const random = drawn.get(together) ?? Math.random()
    drawn.set(together, random)
    return random
  }
}

function timedOut(url: string, timeoutMs: number, attempts: number, last: IdentityClientError | undefined) {
  const before = last ? ` Attempt ${attempts - 1} ended with: ${last.message}` : ''
  const message = `The identity service at ${url} did not answer within ${timeoutMs} ms (timeoutMs).${before}`
  return new IdentityClientError('timeout', message, { cause: last })
}
