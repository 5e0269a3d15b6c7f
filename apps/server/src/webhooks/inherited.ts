import { type EventCursor, eventId, isBefore } from '@identity/core'
import type { DeliveryState, FailedDelivery } from '@identity/core/postgres'

/** What whoever delivered to the endpoint before noted of events that this process has not read yet. */
export class Inherited {
  readonly #over: Map<string, EventCursor>
  readonly #failed: Map<string, FailedDelivery>

  constructor({ delivered, over, failed }: Pick<DeliveryState, 'delivered' | 'over' | 'failed'>) {
    this.#over = new Map(over.map((cursor) => [eventId(cursor), cursor]))
    this.#failed = new Map(failed.map((each) => [keyOf(each.cursor, each.deadLetterId), each]))
    // A server of a version before moves the place alone.
    this.readTo(delivered)
  }

  /** Those that are over. */
  get over(): Iterable<EventCursor> {
    return this.#over.values()
  }

  /** Those that were sent in vain. */
  get failed(): Iterable<FailedDelivery> {
    return this.#failed.values()
  }

  /** Whether nothing is to be done about the event there. */
  isOver(cursor: EventCursor): boolean {
    return this.#over.has(eventId(cursor))
  }

  /** How often the event was sent in vain, if it was; asked once. */
  take(cursor: EventCursor, deadLetterId: number | null = null): FailedDelivery | undefined {
    const key = keyOf(cursor, deadLetterId)
    const failed = this.#failed.get(key)
    this.#failed.delete(key)
    return failed
  }

  /** The log was read up to here. */
  readTo(place: EventCursor): void {
    for (const [id, cursor] of this.#over) if (!isBefore(place, cursor)) this.#over.delete(id)
    for (const [key, { cursor, deadLetterId }] of this.#failed) {
      if (deadLetterId === null && !isBefore(place, cursor)) this.#failed.delete(key)
    }
  }

  /** All dead letters that are to be sent again were read. */
  readRetries(): void {
    for (const [key, { deadLetterId }] of this.#failed) if (deadLetterId !== null) this.#failed.delete(key)
  }
}

function keyOf(cursor: EventCursor, deadLetterId: number | null): string {
  return deadLetterId === null ? eventId(cursor) : String(deadLetterId)
}
