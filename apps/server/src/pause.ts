import { setTimeout as delay } from 'node:timers/promises'

/** Waits, but not for that alone does the process go on; over at once when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal, ref: false }).catch(() => {})
}
