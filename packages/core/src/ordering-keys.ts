import type { IdentityEvent } from './event.ts'

/** What an event is about: contacts by id, as a person is named by one; rules and separations by name. */
export type OrderingKey = number | string

/**
 * What decides which events must come one after the other: two that have a key in common. An event has one for each person
 * and contact that it names. So a merge comes after all that happened to either person, and what happens to the one
 * that survives comes after the merge.
 */
export function orderingKeys(event: IdentityEvent): OrderingKey[] {
  const keys = new Set<OrderingKey>()
  const add = (...ids: Array<number | null | undefined>): void => {
    for (const id of ids) if (id !== null && id !== undefined) keys.add(id)
  }
  if ('personId' in event) add(event.personId)
  if ('contactId' in event) add(event.contactId)
  if ('contactIds' in event) add(...event.contactIds)
  switch (event.type) {
    case 'contact.added':
      add(event.formerPersonId)
      break
    case 'persons.merged':
      add(...event.absorbed, event.by.email, event.by.phone)
      for (const { contactId } of event.moved) add(contactId)
      break
    case 'merge.refused':
      add(event.otherPersonId)
      break
    case 'person.split':
      add(event.newPersonId)
      for (const separationId of event.separations) keys.add(`separation ${separationId}`)
      break
    case 'identifier.blocked':
    case 'identifier.unblocked':
      keys.add(`rule ${event.ruleId}`)
      break
    case 'contacts.separated':
    case 'contacts.released':
      keys.add(`separation ${event.separationId}`)
      break
  }
  return [...keys]
}
