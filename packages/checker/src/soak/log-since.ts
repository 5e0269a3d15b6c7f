import { setTimeout as delay } from 'node:timers/promises'
import type { IdentityStore, RecordedEvent } from '@identity/core'
import { type LogReader, readLog } from '../logged/read-log.ts'
import type { StoreUnderTest } from '../logged/run.ts'

const POLL_MS = 20

/**
 * Makes a customer, so that the log has an event of this moment, however much it had before.
 * @param email one that nobody has
 * @returns the event's id
 */
export async function markLog(
  { identify, inquiries }: Pick<IdentityStore, 'identify'> & Pick<StoreUnderTest, 'inquiries'>,
  email: string,
): Promise<string> {
  const [made] = await identify(1, [{ email, phoneNumber: null }])
  for (;;) {
    // It is told in its place, once everything before it is.
    const [event] = await inquiries.history(1, made!.person.primaryContactId, { limit: 1 })
    if (event) return event.id
    await delay(POLL_MS)
  }
}

/** What happened between two events, which are told. */
export async function eventsBetween(store: LogReader, begin: string, end: string): Promise<RecordedEvent[]> {
  for (;;) {
    const events = await readLog(store, begin)
    const place = events.findIndex(({ id }) => id === end)
    if (place >= 0) return events.slice(0, place)
    await delay(POLL_MS)
  }
}
