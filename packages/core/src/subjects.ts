import type { IdentityEvent } from './event.ts'

/**
 * Whom an event is about, by the ids of the contacts that name them, so that it is found from there. What added a contact
 * is found by that contact, and where it gave the person another name, from the former one: the two may have come apart.
 */
export function subjectsOf(event: IdentityEvent): number[] {
  switch (event.type) {
    case 'contact.added':
      return event.formerPersonId === undefined ? [] : [event.formerPersonId]
    case 'person.created':
    case 'identifier.blocked':
    case 'identifier.unblocked':
      return []
    case 'persons.merged':
      return [event.personId, ...event.absorbed]
    case 'merge.refused':
      return event.otherPersonId === null ? [event.personId] : [event.personId, event.otherPersonId]
    case 'person.split':
      return [event.personId, event.newPersonId]
    case 'contacts.separated':
    case 'contacts.released':
      return [...event.contactIds]
    case 'contact.deleted':
    case 'contact.restored':
      return [event.personId, event.contactId]
    case 'person.erased':
      return [event.personId, ...event.contactIds]
    case 'identifier.suspected':
      return [event.contactId]
  }
}

/** The contact that an event added; undefined for any other event. */
export function addedContactId(event: IdentityEvent): number | undefined {
  return event.type === 'person.created' || event.type === 'contact.added' ? event.contactId : undefined
}
