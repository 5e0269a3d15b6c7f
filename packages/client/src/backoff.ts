import type { IdentityClientError } from './error.ts'
import type { CallOptions } from './options.ts'

const REPEATABLE: ReadonlySet<string> = new Set(['unavailable', 'rate_limited', 'unreachable'])

/**
 * The pause before a call's next attempt, in milliseconds; undefined where another attempt would not help. The longest
 * pause doubles with each attempt, and each is a random part of it ("full jitter"), on top of what the server asked for.
 *
 * @param attempts how many there were
 * @param random from 0 to 1
 */
export function pauseMs(
  error: IdentityClientError,
  attempts: number,
  random: number,
  { maxAttempts, baseDelayMs, maxDelayMs }: CallOptions,
): number | undefined {
  if (!REPEATABLE.has(error.code) || attempts >= maxAttempts) return undefined
  const longestMs = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempts - 1))
  return (error.retryAfterS ?? 0) * 1_000 + Math.round(random * longestMs)
}
