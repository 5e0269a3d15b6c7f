import { type EventCursor, orderingKeys, type RecordedEvent } from '@identity/core'
import type { FailedDelivery } from '@identity/core/postgres'
import type { InWindow } from './delivery-window.ts'

/** An event on its way to an endpoint. */
export interface Delivery extends InWindow {
  readonly event: RecordedEvent
  /** Where it is one that is sent again. */
  readonly deadLetterId: number | null
  /** Those that failed, in other processes, too. */
  attempts: number
  /** Not before then, milliseconds since 1970; 0 for at once. */
  dueAtMs: number
  lastFailure?: Pick<FailedDelivery, 'error' | 'status'> | undefined
}

/**
 * An event that goes on its way, or goes on with it.
 * @param failed what became of it before, if it was sent before
 */
export function deliveryOf(
  event: RecordedEvent,
  cursor: EventCursor,
  failed: FailedDelivery | undefined,
  deadLetterId: number | null = null,
): Delivery {
  const { attempts = 0, dueAtMs = 0 } = failed ?? {}
  return { event, cursor, keys: orderingKeys(event), deadLetterId, attempts, dueAtMs, lastFailure: failed }
}

/** What another process is to know of it; nothing where it was not sent in vain. */
export function failedOf({ cursor, deadLetterId, attempts, dueAtMs, lastFailure }: Delivery): FailedDelivery[] {
  if (!lastFailure) return []
  const { error, status } = lastFailure
  return [{ cursor, deadLetterId, attempts, dueAtMs, error, status }]
}
