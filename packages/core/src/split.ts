import type { Bridge } from './bridge.ts'
import { type Contact, isLive } from './contact.ts'
import { type Division, divide } from './divide.ts'
import { IdentityError, invalidRequest } from './errors.ts'
import { identifiersOf } from './identifier.ts'
import { listOf } from './list-of.ts'
import { type Person, primaryOf } from './person.ts'

export interface SplitOptions {
  readonly at: Date
  /** Whether the two are to be kept apart from now on. @default true */
  readonly keepApart?: boolean
}

/** What a split does; the person that remains is the first of its persons, the one split off the second. */
export interface Split extends Division {
  /** The contacts that a separation is to name, so that no later request joins the two again; null for none. */
  readonly separation: readonly [number, number] | null
}

/**
 * Makes live contacts of a person a person of their own, named by the oldest of them. What carried a value first keeps
 * it; on the other side it is released. Either side is one person from now on, as whoever asked for the split says so,
 * even where nothing on record joins its contacts.
 *
 * One separation, between the two primaries, is enough: every contact of a side is of the person that its primary is of,
 * so whatever would join any two contacts across would join those persons, and is refused.
 * @throws IdentityError `invalid_request` without contacts; `not_found` where one is no live contact of the person;
 * `conflict` where no contact would remain, or either side would be left without a value that links it
 */
export function split(
  person: Person,
  bridges: readonly Bridge[],
  contactIds: readonly number[],
  { at, keepApart = true }: SplitOptions,
): Split {
  const chosen = new Set(contactIds)
  const live = person.contacts.filter(isLive)
  const off = live.filter(({ id }) => chosen.has(id))
  const remaining = live.filter(({ id }) => !chosen.has(id))
  if (chosen.size === 0) throw noContacts()
  if (off.length < chosen.size) {
    const known = new Set(off.map(({ id }) => id))
    const unknown = contactIds.filter((id) => !known.has(id))
    const { id } = primaryOf(person)
    throw new IdentityError(
      'not_found',
      `${listOf('Contact', unknown)} ${unknown.length === 1 ? 'is' : 'are'} not of the person of contact ${id}. Name contacts of one person.`,
    )
  }
  if (remaining.length === 0) {
    throw new IdentityError(
      'conflict',
      'These are all contacts of the person, so that nothing remains. Leave some out.',
    )
  }
  const division = divide(person, bridges, [remaining, off], at)
  for (const [index, { contacts }] of division.persons.entries()) {
    if (contacts.every((contact) => !isLive(contact) || identifiersOf(contact).length === 0)) {
      throw nothingLeft(index === 0 ? remaining : off, division)
    }
  }
  const [kept, fresh] = division.persons.map(primaryOf)
  return { ...division, separation: keepApart ? [kept!.id, fresh!.id] : null }
}

export function noContacts(): IdentityError {
  return invalidRequest([{ field: 'contactIds', detail: 'contactIds is empty; name the contacts to split off.' }])
}

function nothingLeft(side: readonly Contact[], { owners }: Division): IdentityError {
  const earlier = owners.filter(({ identifier: { kind, value } }) =>
    side.some((contact) => identifiersOf(contact).some((own) => own.kind === kind && own.value === value)),
  )
  const by = listOf('contact', new Set(earlier.map(({ contactId }) => contactId)))
  return new IdentityError(
    'conflict',
    `${listOf(
      'Contact',
      side.map(({ id }) => id),
    )} would be left with no value that links it, as ${by} carried ` +
      `${earlier.length === 1 ? 'it' : 'them'} first. Put these on the same side.`,
  )
}
