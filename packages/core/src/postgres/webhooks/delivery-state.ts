import type { EventCursor } from '../../event-cursor.ts'
import type { DeliveryError } from '../../webhook-store.ts'

/** How far deliveries to an endpoint have come: what whoever delivers next goes on from. */
export interface DeliveryState {
  /** Every event up to here is over: it was acknowledged, became a dead letter, or is not wanted. */
  readonly delivered: EventCursor
  /** Those after that place that are over, too, in the order of the log. */
  readonly over: readonly EventCursor[]
  /** Those that were sent in vain and will be sent again. */
  readonly failed: readonly FailedDelivery[]
  /** Attempts that failed since the last one that did not. */
  readonly failuresInARow: number
  /**
   * Until when the endpoint wants nothing, milliseconds since 1970 by the clock of the server that it told; null where it
   * said nothing.
   */
  readonly pausedUntilMs: number | null
}

/** An event that was sent in vain, and when it is sent again. */
export interface FailedDelivery {
  readonly cursor: EventCursor
  /** Where it is a dead letter that is sent again. */
  readonly deadLetterId: number | null
  readonly attempts: number
  /** Milliseconds since 1970, by the clock of the server that tried. */
  readonly dueAtMs: number
  readonly error: DeliveryError
  readonly status: number | null
}

/** What the column holds, short, as it is written up to once a second. What is left out is empty. */
export interface PackedState {
  readonly over?: ReadonlyArray<readonly [position: number, index: number]>
  readonly failed?: ReadonlyArray<
    readonly [
      position: number,
      index: number,
      deadLetterId: number | null,
      attempts: number,
      dueAtMs: number,
      error: DeliveryError,
      status: number | null,
    ]
  >
  readonly failuresInARow?: number
  readonly pausedUntilMs?: number
}

/** Everything but the place itself; null where there is nothing to say. */
export function packState({ over, failed, failuresInARow, pausedUntilMs }: DeliveryState): PackedState | null {
  const packed: PackedState = {
    ...(over.length > 0 && { over: over.map(({ position, index }) => [position, index] as const) }),
    ...(failed.length > 0 && { failed: failed.map(packFailed) }),
    ...(failuresInARow > 0 && { failuresInARow }),
    ...(pausedUntilMs !== null && { pausedUntilMs }),
  }
  return Object.keys(packed).length > 0 ? packed : null
}

export function unpackState(delivered: EventCursor, packed: PackedState | null): DeliveryState {
  const { over = [], failed = [], failuresInARow = 0, pausedUntilMs = null } = packed ?? {}
  return {
    delivered,
    over: over.map(([position, index]) => ({ position, index })),
    failed: failed.map(([position, index, deadLetterId, attempts, dueAtMs, error, status]) => ({
      cursor: { position, index },
      deadLetterId,
      attempts,
      dueAtMs,
      error,
      status,
    })),
    failuresInARow,
    pausedUntilMs,
  }
}

function packFailed({ cursor: { position, index }, deadLetterId, attempts, dueAtMs, error, status }: FailedDelivery) {
  return [position, index, deadLetterId, attempts, Math.round(dueAtMs), error, status] as const
}
