import { type Contact, compareAge } from './contact.ts'
import { type Identifier, type IdentifierCarrier, identifiersOf } from './identifier.ts'
import { type Person, personOf, primaryOf } from './person.ts'
import { unique } from './unique.ts'

/** What identify did: nothing, a new person, a contact more for a person, or several persons made one. */
export type Outcome = 'existing' | 'created' | 'linked' | 'merged'

/** Finds the person that carries an identifier; deleted contacts do not count. */
export type FindPerson = (identifier: Identifier) => Person | undefined

/** Who a request is about: the persons it names, and the identifiers nobody carries yet. */
export interface Match {
  readonly persons: readonly Person[]
  readonly unknown: readonly Identifier[]
}

/** What the store must make true for one request. */
export interface Reconciliation {
  readonly outcome: Outcome
  /** The one person behind the request, afterwards. */
  readonly person: Person
  /** The contact to insert, if any (rules R2 and R4). */
  readonly added: Contact | null
  /** The identifiers that the added contact is the first to carry. */
  readonly claimed: readonly Identifier[]
  /** Contacts that a merge changes, in their new form; the survivor's root is among them (rule R3). */
  readonly changed: readonly Contact[]
}

/** What the algorithm does not make itself: the time, and ids for new contacts. */
export interface Stamp {
  readonly at: Date
  readonly newId: () => number
}

export function match(find: FindPerson, request: IdentifierCarrier): Match {
  const persons: Person[] = []
  const unknown: Identifier[] = []
  for (const identifier of identifiersOf(request)) {
    const person = find(identifier)
    if (!person) unknown.push(identifier)
    else if (!persons.includes(person)) persons.push(person)
  }
  return { persons, unknown }
}

/** The person of a request that tells nothing new: one, who has every value (the second half of rule R4). */
export function unchangedPerson(find: FindPerson, identifiers: readonly Identifier[]): Person | undefined {
  const person = find(identifiers[0]!)
  return person && identifiers.every((identifier) => find(identifier) === person) ? person : undefined
}

/**
 * Rules R2–R4 for one request. Pure: the same persons, request and stamp give the same answer, and nothing is changed
 * in place.
 */
export function reconcile(find: FindPerson, request: IdentifierCarrier, stamp: Stamp): Reconciliation {
  const { persons, unknown } = match(find, request)
  const [first] = persons
  if (!first) return create(request, unknown, stamp)
  if (persons.length > 1) return merge(persons, stamp.at)
  if (unknown.length > 0) return link(first, request, unknown, stamp)
  return { outcome: 'existing', person: first, added: null, claimed: [], changed: [] }
}

/** R2: no contact matches, so a new primary. */
function create(request: IdentifierCarrier, claimed: readonly Identifier[], stamp: Stamp): Reconciliation {
  const added = newContact(request, null, stamp)
  return { outcome: 'created', person: personOf(added, []), added, claimed, changed: [] }
}

/** R4: the person lacks one of the values, so one secondary with all that the request carried. */
function link(
  person: Person,
  request: IdentifierCarrier,
  claimed: readonly Identifier[],
  stamp: Stamp,
): Reconciliation {
  const added = newContact(request, person.root.id, stamp)
  const grown = { root: person.root, contacts: [...person.contacts, added].sort(compareAge) }
  return { outcome: 'linked', person: grown, added, claimed, changed: [] }
}

/**
 * R3: the persons become one, named by the oldest primary; all other contacts point straight at it.
 * With two kinds of identifier, a request that joins two persons has had each value known, so R4 adds nothing.
 */
function merge(persons: readonly Person[], at: Date): Reconciliation {
  const [survivor, ...absorbed] = persons.toSorted((a, b) => compareAge(primaryOf(a), primaryOf(b)))
  const { root } = survivor!
  const moved = absorbed.flatMap((person) =>
    person.contacts.map(
      (contact): Contact => ({ ...contact, linkedId: root.id, linkPrecedence: 'secondary', updatedAt: at }),
    ),
  )
  // The primary, and where that is another, the deleted contact whose place it holds.
  const touched = unique([root, primaryOf(survivor!)]).map((contact): Contact => ({ ...contact, updatedAt: at }))
  const kept = survivor!.contacts.filter((contact) => !touched.some(({ id }) => id === contact.id))
  const [newRoot, ...others] = touched
  return {
    outcome: 'merged',
    person: personOf(newRoot!, [...others, ...kept, ...moved]),
    added: null,
    claimed: [],
    changed: [...touched, ...moved],
  }
}

function newContact(request: IdentifierCarrier, linkedId: number | null, { at, newId }: Stamp): Contact {
  return {
    id: newId(),
    phoneNumber: request.phoneNumber,
    email: request.email,
    linkedId,
    linkPrecedence: linkedId === null ? 'primary' : 'secondary',
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
  }
}
