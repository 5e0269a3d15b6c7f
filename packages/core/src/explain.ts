import { type Bridge, stands } from './bridge.ts'
import { componentsOnRecord } from './components.ts'
import { type Contact, compareAge, isLive } from './contact.ts'
import { IdentityError } from './errors.ts'
import { type Identifier, type IdentifierKind, identifiersOf } from './identifier.ts'
import { IdentifierMap } from './identifier-map.ts'
import type { Person } from './person.ts'

/** An end of the question: one of the person's contacts, or a value in canonical form. */
export type ExplainEnd = { readonly contactId: number } | { readonly identifier: Identifier }

/** What joins two contacts directly. */
export type Link =
  /** Both carry this value. */
  | { readonly by: 'identifier'; readonly kind: IdentifierKind; readonly value: string }
  /** A request had the e-mail of one and the phone number of the other, and left no contact. */
  | { readonly by: 'request'; readonly at: Date; readonly requestId?: string }
  /** Something that is not on record: a merge from before bridges were kept, or a split that a person asked for. */
  | { readonly by: 'unrecorded' }

/** Why two ends are of one person: the first contact is or carries the one, the last the other. */
export interface Explanation {
  readonly contacts: readonly Contact[]
  /** What joins each contact to the next: one fewer than contacts. */
  readonly links: readonly Link[]
}

/**
 * The shortest chain of contacts from one end to the other; of several, the one whose contacts are oldest, compared from
 * its start. Takes time in proportion to the person's contacts.
 * @throws IdentityError `not_found` where an end is no live contact of this person and no value that one is linked by.
 */
export function explain(person: Person, bridges: readonly Bridge[], from: ExplainEnd, to: ExplainEnd): Explanation {
  const live = person.contacts.filter(isLive)
  const starts = live.filter((contact) => isAt(contact, from))
  const ends = new Set(live.filter((contact) => isAt(contact, to)))
  if (starts.length === 0) throw unknownEnd(from, person)
  if (ends.size === 0) throw unknownEnd(to, person)
  const linksOf = neighbours(live, bridges)
  const reachedBy = new Map<Contact, { link: Link; contact: Contact } | null>(starts.map((start) => [start, null]))
  const queue = [...starts]
  // In order of age at each distance, so that the first chain found is the oldest of the shortest.
  for (const contact of queue) {
    if (ends.has(contact)) return chainTo(contact, reachedBy)
    const found: Contact[] = []
    for (const [neighbour, link] of linksOf(contact)) {
      if (reachedBy.has(neighbour)) continue
      reachedBy.set(neighbour, { link, contact })
      found.push(neighbour)
    }
    queue.push(...found.sort(compareAge))
  }
  throw new Error(`the contacts of person ${person.root.id} are not joined`)
}

function isAt(contact: Contact, end: ExplainEnd): boolean {
  if ('contactId' in end) return contact.id === end.contactId
  const { kind, value } = end.identifier
  return identifiersOf(contact).some((identifier) => identifier.kind === kind && identifier.value === value)
}

function chainTo(last: Contact, reachedBy: ReadonlyMap<Contact, { link: Link; contact: Contact } | null>): Explanation {
  const contacts = [last]
  const links: Link[] = []
  for (let step = reachedBy.get(last); step; step = reachedBy.get(step.contact)) {
    contacts.unshift(step.contact)
    links.unshift(step.link)
  }
  return { contacts, links }
}

/** Each contact's neighbours. Those by a shared value are told once only: whoever asks later has been told by another. */
function neighbours(live: readonly Contact[], bridges: readonly Bridge[]) {
  const carriers = new IdentifierMap<Contact[]>()
  const others = new Map<Contact, Array<[Contact, Link]>>()
  for (const contact of live) {
    for (const identifier of identifiersOf(contact)) {
      const known = carriers.get(identifier)
      if (known) known.push(contact)
      else carriers.set(identifier, [contact])
    }
  }
  const lead = (one: Contact, other: Contact, link: Link) => {
    const known = others.get(one)
    if (known) known.push([other, link])
    else others.set(one, [[other, link]])
  }
  const join = (one: Contact, other: Contact, link: Link) => {
    lead(one, other, link)
    lead(other, one, link)
  }
  const byId = new Map(live.map((contact) => [contact.id, contact]))
  for (const bridge of bridges) {
    if (!stands(bridge, byId)) continue
    const { at, requestId } = bridge
    const link: Link = { by: 'request', at, ...(requestId === undefined ? {} : { requestId }) }
    join(byId.get(bridge.emailContactId)!, byId.get(bridge.phoneContactId)!, link)
  }
  const [first, ...unrecorded] = componentsOnRecord(live, bridges)
  for (const component of unrecorded) join(first![0]!, component[0]!, { by: 'unrecorded' })
  return function* linksOf(contact: Contact): Generator<[Contact, Link]> {
    for (const identifier of identifiersOf(contact)) {
      const sharing = carriers.get(identifier)!
      carriers.set(identifier, [])
      for (const other of sharing) yield [other, { by: 'identifier', ...identifier }]
    }
    yield* others.get(contact) ?? []
  }
}

function unknownEnd(end: ExplainEnd, person: Person): IdentityError {
  const what = 'contactId' in end ? `contact ${end.contactId}` : `${NAMES[end.identifier.kind]} of this value`
  return new IdentityError(
    'not_found',
    `The person of contact ${person.root.id} has no ${what}. Ask for two contacts or values of one person.`,
  )
}

const NAMES: Record<IdentifierKind, string> = { email: 'e-mail address', phone: 'phone number' }

/** The explanation in words that a support agent can read out. It names values: it is for who may see the person. */
export function sentenceOf({ contacts, links }: Explanation): string {
  if (contacts.length === 1) return `${capitalised(describe(contacts[0]!))} has both by itself.`
  const steps = links.map((link, n) => stepOf(link, describe(contacts[n]!), describe(contacts[n + 1]!)))
  return `${steps.map(capitalised).join('. ')}.`
}

function stepOf(link: Link, one: string, other: string): string {
  switch (link.by) {
    case 'identifier':
      return `${one} and ${other} share the ${NAMES[link.kind]} ${link.value}`
    case 'request':
      return `an order of ${link.at.toISOString().slice(0, 10)} had values of both ${one} and ${other}`
    case 'unrecorded':
      return `${one} and ${other} were joined by something that is not on record`
  }
}

function describe(contact: Contact): string {
  const [identifier] = identifiersOf(contact)
  return identifier ? `contact ${contact.id} (${identifier.value})` : `contact ${contact.id}`
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
