import type { CanonicalRequest } from './canonical/request.ts'
import { type Contact, compareAge, isLive } from './contact.ts'
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
  /** Contacts that change, in their new form; after a merge, the survivor's root is among them (rule R3). */
  readonly changed: readonly Contact[]
  /** The persons whose contacts come to point at another root, as they were. */
  readonly absorbed: readonly Person[]
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
export function reconcile(find: FindPerson, request: CanonicalRequest, stamp: Stamp): Reconciliation {
  const { persons, unknown } = match(find, request)
  const [first] = persons
  if (!first) return create(request, unknown, stamp)
  if (persons.length > 1) return merge(persons, stamp.at)
  if (unknown.length > 0) return link(first, request, unknown, stamp)
  return { outcome: 'existing', person: first, added: null, claimed: [], changed: [], absorbed: [] }
}

/** R2: no contact matches, so a new primary. */
function create(request: CanonicalRequest, claimed: readonly Identifier[], stamp: Stamp): Reconciliation {
  const added = newContact(request, null, stamp)
  return { outcome: 'created', person: personOf(added, []), added, claimed, changed: [], absorbed: [] }
}

/** R4: the person lacks one of the values, so one secondary with all that the request carried. */
function link(person: Person, request: CanonicalRequest, claimed: readonly Identifier[], stamp: Stamp): Reconciliation {
  if (isOlder(request, person.root)) return takeOver(person, request, claimed, stamp)
  const added = newContact(request, person.root.id, stamp)
  const grown = { root: person.root, contacts: [...person.contacts, added].sort(compareAge) }
  return { outcome: 'linked', person: grown, added, claimed, changed: [], absorbed: [] }
}

/**
 * True when the order was placed before the primary's, which happens where history comes in late. A deleted root stays
 * the root: it shows nowhere, and of its person's live contacts the oldest is the primary anyway (rule R6).
 */
function isOlder({ createdAt }: CanonicalRequest, root: Contact): boolean {
  // At the same moment, the contact that was first has the lower id on one node, and is known to be first on any.
  return createdAt !== undefined && isLive(root) && createdAt.getTime() < root.createdAt.getTime()
}

/** R3 for a contact that is older than its person's primary: it names the person, and all others point straight at it. */
function takeOver(
  person: Person,
  request: CanonicalRequest,
  claimed: readonly Identifier[],
  stamp: Stamp,
): Reconciliation {
  const added = newContact(request, null, stamp)
  const moved = pointAt(added.id, person.contacts, stamp.at)
  return { outcome: 'linked', person: personOf(added, moved), added, claimed, changed: moved, absorbed: [person] }
}

function pointAt(rootId: number, contacts: readonly Contact[], at: Date): Contact[] {
  return contacts.map((contact) => ({ ...contact, linkedId: rootId, linkPrecedence: 'secondary', updatedAt: at }))
}

/**
 * R3: the persons become one, named by the oldest primary; all other contacts point straight at it.
 * With two kinds of identifier, a request that joins two persons has had each value known, so R4 adds nothing.
 */
export function merge(persons: readonly Person[], at: Date): Reconciliation {
  const [survivor, ...absorbed] = persons.toSorted((a, b) => compareAge(primaryOf(a), primaryOf(b)))
  const { root } = survivor!
  const moved = absorbed.flatMap((person) => pointAt(root.id, person.contacts, at))
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
    absorbed,
  }
}

function newContact(request: CanonicalRequest, linkedId: number | null, { at, newId }: Stamp): Contact {
  return {
    id: newId(),
    phoneNumber: request.phoneNumber,
    email: request.email,
    linkedId,
    linkPrecedence: linkedId === null ? 'primary' : 'secondary',
    createdAt: request.createdAt ?? at,
    updatedAt: at,
    deletedAt: null,
  }
}
