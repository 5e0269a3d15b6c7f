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

/** One event in full: `[type, actor, requestId, ...its fields]`. */
type FullEvent = readonly [type: IdentityEvent['type'], actor: string | null, requestId: string | null, ...unknown[]]

/**
 * One event as a row holds it. What nobody's request did, as in an import, and is nothing but one contact more is short:
 * the id of the contact that made a person, or that of a person and of the contact that was added to it
 * (docs/decisions/0045-an-imports-events-are-short.md).
 */
export type PackedEvent = FullEvent | number | readonly [personId: number, contactId: number]

/** As JSON: a third of what objects with names take, in the database as on the way. */
export function packEvents(written: readonly WrittenEvent[]): string {
  return JSON.stringify(written.map(pack))
}

function pack({ event, origin }: WrittenEvent): PackedEvent {
  if (origin.actor === null && origin.requestId === null) {
    if (event.type === 'person.created') return event.contactId
    if (event.type === 'contact.added' && event.formerPersonId === undefined) return [event.personId, event.contactId]
  }
  const values = FIELDS[event.type].map((field) => event[field as keyof IdentityEvent])
  return [event.type, origin.actor, origin.requestId, ...values]
}

function inFull(packed: PackedEvent): FullEvent {
  if (typeof packed === 'number') return ['person.created', null, null, packed, packed]
  return isFull(packed) ? packed : ['contact.added', null, null, ...packed]
}

function isFull(packed: Exclude<PackedEvent, number>): packed is FullEvent {
  return typeof packed[0] === 'string'
}

/** The events of one change. */
export function unpackEvents(position: number, at: Date, events: readonly PackedEvent[]): RecordedEvent[] {
  return events.map((packed, index) => {
    const [type, actor, requestId, ...values] = inFull(packed)
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
