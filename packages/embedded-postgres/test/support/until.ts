import { setTimeout as delay } from 'node:timers/promises'

const DEADLINE_MS = 20_000
const POLL_MS = 5

/** Waits for a condition. @returns its first value that is not falsy */
export async function until<T>(what: string, condition: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadlineMs = Date.now() + DEADLINE_MS
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadlineMs) throw new Error(`waited ${DEADLINE_MS} ms in vain: ${what}`)
    await delay(POLL_MS)
  }
}
