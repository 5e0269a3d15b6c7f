import type { IdentityEvent, RecordedEvent, WrittenEvent } from './event.ts'
import { eventId } from './event-cursor.ts'

/** What each type of event is stored of, in this order; fields are only ever added, at the end. */
const FIELDS = {
  'person.created': ['personId', 'contactId'],
  'contact.added': ['personId', 'contactId', 'formerPersonId'],
  'persons.merged': ['personId', 'absorbed', 'by', 'contactId', 'moved'],
  'merge.refused': ['personId', 'otherPersonId', 'reason', 'separationId', 'count'],
  'person.split': ['personId', 'newPersonId', 'contactIds', 'cause', 'eventId', 'separations'],
  'identifier.blocked': ['ruleId'],
  'identifier.unblocked': ['ruleId'],
  'contacts.separated': ['separationId', 'contactIds'],
  'contacts.released': ['separationId', 'contactIds'],
  'contact.deleted': ['personId', 'contactId'],
  'contact.restored': ['personId', 'contactId'],
  'person.erased': ['personId', 'contactIds', 'reason'],
  'identifier.suspected': ['contactId', 'kind'],
} as const satisfies Record<IdentityEvent['type'], readonly string[]>

/** Every type of event there is. */
export const EVENT_TYPES = Object.keys(FIELDS) as ReadonlyArray<IdentityEvent['type']>

const OPTIONAL: ReadonlySet<string> = new Set(['formerPersonId', 'separationId', 'eventId', 'reason'])

/** One event as a row holds it: `[type, actor, requestId, ...its fields]`. */
export type PackedEvent = readonly [
  type: IdentityEvent['type'],
  actor: string | null,
  requestId: string | null,
  ...unknown[],
]

/** As JSON: a third of what objects with names take, in the database as on the way. */
export function packEvents(written: readonly WrittenEvent[]): string {
  return JSON.stringify(
    written.map(({ event, origin }): PackedEvent => {
      const values = FIELDS[event.type].map((field) => event[field as keyof IdentityEvent])
      return [event.type, origin.actor, origin.requestId, ...values]
    }),
  )
}

/** The events of one change. */
export function unpackEvents(position: number, at: Date, events: readonly PackedEvent[]): RecordedEvent[] {
  return events.map(([type, actor, requestId, ...values], index) => {
    const event: Record<string, unknown> = {
      id: eventId({ position, index }),
      at: at.toISOString(),
      actor,
      requestId,
      type,
    }
    for (const [n, field] of FIELDS[type].entries()) {
      if ((values[n] ?? null) !== null || !OPTIONAL.has(field)) event[field] = values[n]
    }
    return event as unknown as RecordedEvent
  })
}
