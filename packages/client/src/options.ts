import type { IdentityClientOptions } from './create-client.ts'

export interface CallOptions {
  timeoutMs: number
  maxAttempts: number
  baseDelayMs: number
  maxDelayMs: number
}

/** What setTimeout can count to. */
const MAX_MS = 2 ** 31 - 1

/**
 * The defaults outlast the restart of a server: pauses of 2.5 s together on average, 5 s at most.
 * @throws TypeError that names the option, the value found and what it may be
 */
export function callOptions({ timeoutMs = 10_000, retry = {} }: IdentityClientOptions): CallOptions {
  const { maxAttempts = 6, baseDelayMs = 200, maxDelayMs = 2_000 } = retry === false ? { maxAttempts: 1 } : retry
  return {
    timeoutMs: wholeNumber('timeoutMs', timeoutMs, 1),
    maxAttempts: wholeNumber('retry.maxAttempts', maxAttempts, 1),
    baseDelayMs: wholeNumber('retry.baseDelayMs', baseDelayMs, 0),
    maxDelayMs: wholeNumber('retry.maxDelayMs', maxDelayMs, 0),
  }
}

function wholeNumber(name: string, value: number, min: number): number {
  if (Number.isInteger(value) && value >= min && value <= MAX_MS) return value
  throw new TypeError(`${name} must be a whole number from ${min} to ${MAX_MS}; found ${String(value)}.`)
}

/**
 * The service's address without a slash at the end.
 * @throws TypeError
 */
export function serviceUrl(url: string | URL): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new TypeError(`url must be an http or https address such as "http://localhost:8000"; found "${url}".`)
  }
  if (parsed.username || parsed.password) {
    throw new TypeError('url must not hold a user or a password, which end up in logs. Use apiKey or headers.')
  }
  return parsed.origin + parsed.pathname.replace(/\/+$/, '')
}
