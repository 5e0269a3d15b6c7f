/** How often an event is sent before it becomes a dead letter: some nine hours. */
export const MAX_ATTEMPTS = 20

const FIRST_MS = 1_000
/** The longest wait. */
export const LONGEST_MS = 60 * 60 * 1_000

/**
 * The wait after an attempt that failed: it doubles with each, up to an hour, and is spread over its later half, so that
 * what failed together does not come back together.
 * @param attempt 1 for the first
 * @param retryAfterMs what the endpoint asked for; no more than an hour of it is granted
 * @param random from 0 to 1
 */
export function retryDelayMs(attempt: number, retryAfterMs: number, random: number): number {
  const wholeMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1))
  return Math.max((wholeMs * (1 + random)) / 2, Math.min(LONGEST_MS, retryAfterMs))
}

/** The value of `Retry-After` in milliseconds: seconds or a date; 0 where there is none to be read. */
export function retryAfterMs(value: string | undefined, nowMs: number): number {
  if (value === undefined) return 0
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const atMs = Date.parse(value)
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - nowMs)
}
