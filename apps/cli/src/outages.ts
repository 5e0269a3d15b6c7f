import type { RetryEvent } from '@identity/core/postgres'

/** The first few repetitions mean nothing. */
const WORTH_TELLING_ATTEMPT = 6
const TELL_EVERY_MS = 10_000

/** Tells of a database that is away, now and then. @param patienceMs how long it is waited for */
export function tellOutages(say: (line: string) => void, patienceMs: number): (event: RetryEvent) => void {
  let toldAtMs = 0
  return ({ code, reason, attempt }) => {
    if (attempt < WORTH_TELLING_ATTEMPT || Date.now() - toldAtMs < TELL_EVERY_MS) return
    toldAtMs = Date.now()
    say(`The database refuses (${code}: ${reason}). Trying on for up to ${patienceMs / 1000} s.`)
  }
}
