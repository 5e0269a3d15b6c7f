import { show } from './canonical/value.ts'
import { invalidRequest } from './errors.ts'

/** A place in a workspace's log: the change, and the event's place among those of the change. */
export interface EventCursor {
  readonly position: number
  readonly index: number
}

/** Before every event. */
const LOG_START: EventCursor = { position: 0, index: -1 }

/** Whether a place comes before another one in the log. */
export function isBefore(one: EventCursor, other: EventCursor): boolean {
  return one.position < other.position || (one.position === other.position && one.index < other.index)
}

/** What callers hold of a place: the id of the event that stands there. */
export function eventId({ position, index }: EventCursor): string {
  return `${position}-${index}`
}

const EVENT_ID = /^([1-9]\d{0,14})-(0|[1-9]\d{0,8})$/

/**
 * The place that an event's id names; the start where there is none.
 * @param field what the caller named the event by
 * @throws IdentityError `invalid_request`
 */
export function eventCursor(id: string | undefined, field = 'after'): EventCursor {
  if (id === undefined) return LOG_START
  const [, position, index] = EVENT_ID.exec(id) ?? []
  if (position === undefined) throw notAnEvent(id, field)
  return { position: Number(position), index: Number(index) }
}

/** Of an id that no event of the workspace has, or that is none. */
export function notAnEvent(id: string, field = 'after') {
  const must = `${field} must be the id of an event of this workspace`
  const detail = EVENT_ID.test(id)
    ? `${must}, and none has ${show(id)}. Take the id as the log of this workspace gives it.`
    : `${must}, such as "17-0"; found ${show(id)}.`
  return invalidRequest([{ field, detail }])
}
