import type { IdentityEvent } from '@identity/core'

/** What follows from events alone: the contacts of each person, by id. @throws Error where an event does not follow */
export function replay(events: Iterable<IdentityEvent>): Record<number, number[]> {
  const persons = new Map<number, Set<number>>()
  const known = (personId: number): Set<number> => {
    const contacts = persons.get(personId)
    if (!contacts) throw new Error(`there is no person ${personId}`)
    return contacts
  }
  const add = (personId: number, contactId: number): void => {
    if ([...persons.values()].some((contacts) => contacts.has(contactId))) throw new Error(`${contactId} came twice`)
    persons.set(personId, (persons.get(personId) ?? new Set()).add(contactId))
  }
  for (const event of events) {
    switch (event.type) {
      case 'person.created':
        if (persons.has(event.personId)) throw new Error(`${event.personId} was made twice`)
        add(event.personId, event.contactId)
        break
      case 'contact.added':
        if (event.formerPersonId !== undefined) {
          persons.set(event.personId, known(event.formerPersonId))
          persons.delete(event.formerPersonId)
        }
        known(event.personId)
        add(event.personId, event.contactId)
        break
      case 'persons.merged': {
        const survivor = known(event.personId)
        for (const { contactId, from } of event.moved) {
          if (!known(from).delete(contactId)) throw new Error(`${contactId} is not of ${from}`)
          survivor.add(contactId)
        }
        for (const absorbed of event.absorbed) {
          if (known(absorbed).size > 0) throw new Error(`${absorbed} was left with contacts`)
          persons.delete(absorbed)
        }
        break
      }
      case 'person.split':
        for (const contactId of event.contactIds) {
          if (!known(event.personId).delete(contactId)) throw new Error(`${contactId} is not of ${event.personId}`)
          add(event.newPersonId, contactId)
        }
        break
      case 'contact.deleted':
      case 'contact.restored':
        if (!known(event.personId).has(event.contactId))
          throw new Error(`${event.contactId} is not of ${event.personId}`)
        break
      case 'person.erased':
        for (const contactId of event.contactIds) {
          if (!known(event.personId).delete(contactId)) throw new Error(`${contactId} is not of ${event.personId}`)
        }
        if (known(event.personId).size === 0) persons.delete(event.personId)
        break
      case 'merge.refused':
      case 'contacts.separated':
      case 'contacts.released':
      case 'identifier.blocked':
      case 'identifier.unblocked':
        break
      default:
        throw new Error(`${event.type} is not replayed`)
    }
  }
  return Object.fromEntries([...persons].map(([id, contacts]) => [id, [...contacts].toSorted((a, b) => a - b)]))
}

/** The contacts of each person, by the id of its root. */
export function personsOf(contacts: Iterable<{ id: number; linkedId: number | null }>): Record<number, number[]> {
  const persons = Map.groupBy(contacts, ({ id, linkedId }) => linkedId ?? id)
  return Object.fromEntries(
    [...persons].map(([rootId, members]) => [rootId, members.map(({ id }) => id).toSorted((a, b) => a - b)]),
  )
}
