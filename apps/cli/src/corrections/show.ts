import type { PersonView, RecordedEvent } from '@identity/core'

/** One line a person. */
export function personLine({ primaryContactId, emails, phoneNumbers, secondaryContactIds }: PersonView): string {
  const others = secondaryContactIds.length === 0 ? '' : ` with ${secondaryContactIds.join(', ')}`
  return `person ${primaryContactId}${others}: ${[...emails, ...phoneNumbers].join(', ') || 'no values'}`
}

/** One line an event: what happened, by ids alone. */
export function eventLine({ id, at, type, actor, requestId, ...rest }: RecordedEvent): string {
  const who = [actor, requestId].filter((part) => part !== null).join(' ')
  return `${id}  ${at}  ${type}  ${JSON.stringify(rest)}${who ? `  by ${who}` : ''}`
}
