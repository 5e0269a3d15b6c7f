import {
  type BlockList,
  type Bridge,
  bridgeOf,
  type Contact,
  compareAge,
  deleteContact,
  erase,
  eventOf,
  type Identifier,
  IdentityError,
  identifiersOf,
  type Limits,
  type Outcome,
  type Person,
  type PersonView,
  preview,
  restoreContact,
  type Separation,
  scrub,
  split,
  viewOf,
  WorkingSet,
  withoutBlocked,
} from '@identity/core'
import type { OracleRequest } from '../oracle.ts'
import { type Asked, type Told, toldOfPreview } from './call.ts'

/** All that is kept of the persons of one history. */
export interface Kept {
  readonly contacts: readonly Contact[]
  readonly bridges: readonly Bridge[]
  readonly separations: readonly Separation[]
  /** Ids are never used again. */
  readonly erasedIds: readonly number[]
}

/** What a call leaves, and what its caller is told. */
export interface Done {
  readonly kept: Kept
  readonly told: Told
}

interface Identified extends Done {
  readonly told: { readonly persons: readonly PersonView[]; readonly outcomes: readonly Outcome[] }
}

/** What the workspace refuses and blocks from the start. */
export interface Rules {
  readonly limits: Limits
  readonly priority: 'email' | 'phone'
  readonly blocked: BlockList | null
  /** What of it may be applied to the persons without the rest. @default only all of it */
  readonly parts?: readonly BlockList[]
}

/** What the specification is told of the store. */
export interface Known {
  /** When every contact was made, erased ones too, by id: what the store says of their age. */
  readonly createdAt: ReadonlyMap<number, Date>
  readonly rules: Rules
}

export const NOTHING: Kept = { contacts: [], bridges: [], separations: [], erasedIds: [] }
export const NO_RULES: Rules = { limits: { email: null, phone: null }, priority: 'email', blocked: null }

/** When anything happened that no answer depends on. */
export const AT = new Date(0)

/**
 * What identify and the corrections do one after another, by the core's own pure functions. So an order that this
 * explains proves that calls are atomic and have one order that agrees with real time; it proves nothing about the rules
 * of split, delete, restore and erase, which the property tests of the core check against oracles of their own.
 * @returns null where it adds a contact and the answer shows no new one
 */
export function outcomeOf(asked: Asked, told: Told, kept: Kept, known: Known): Done | null {
  try {
    if (asked.type === 'identify') return identify(kept, usableOf(asked.request, known), told, known)
    if (asked.type === 'identifyMany') return identifyMany(kept, asked.requests, told, known)
    if (asked.type === 'preview') return foresee(kept, usableOf(asked.request, known), known)
    return correct(kept, asked, told, known)
  } catch (error) {
    return refused(kept, error)
  }
}

/** @throws whatever is not said to the caller */
export function refused(kept: Kept, error: unknown): Done {
  if (!(error instanceof IdentityError)) throw error
  const obstacles = error.problems.map(({ detail }) => detail)
  return { kept, told: { refused: error.code as 'conflict' | 'not_found' | 'identifier_blocked', obstacles } }
}

/** @throws IdentityError `identifier_blocked` */
function usableOf(request: OracleRequest, { rules }: Known): OracleRequest {
  return rules.blocked ? withoutBlocked(request, rules.blocked) : request
}

function identify(kept: Kept, request: OracleRequest, told: Told, { createdAt, rules }: Known): Identified | null {
  const known = new Set([...kept.contacts.map(({ id }) => id), ...kept.erasedIds])
  const fresh = 'persons' in told ? told.persons.flatMap(idsOf).find((id) => !known.has(id)) : undefined
  const set = new WorkingSet(kept.contacts)
  const stamp = { at: (fresh !== undefined && createdAt.get(fresh)) || AT, newId: () => fresh ?? Number.NaN }
  const result = set.reconcile(request, stamp, { ...rules, separations: kept.separations })
  if (result.added && fresh === undefined) return null
  const event = result.refusal ? null : eventOf(request, result)
  const bridge = event?.type === 'persons.merged' ? bridgeOf(event, AT) : null
  const bridges = bridge ? [...kept.bridges, bridge] : kept.bridges
  return {
    kept: { ...kept, contacts: sorted(set.contacts()), bridges },
    told: { persons: [viewOf(result.person)], outcomes: [result.outcome] },
  }
}

/** One after another, and nothing between. @throws IdentityError where one of them cannot be done: then none is */
function identifyMany(kept: Kept, requests: readonly OracleRequest[], told: Told, known: Known): Done | null {
  const usable = requests.map((request) => usableOf(request, known))
  const persons: PersonView[] = []
  const outcomes: Outcome[] = []
  let now = kept
  for (const [n, request] of usable.entries()) {
    const answer = 'persons' in told ? told.persons[n] : undefined
    const done = identify(now, request, { persons: answer ? [answer] : [] }, known)
    if (!done) return null
    now = done.kept
    persons.push(...done.told.persons)
    outcomes.push(...done.told.outcomes)
  }
  return { kept: now, told: { persons, outcomes } }
}

function foresee(kept: Kept, request: OracleRequest, { rules }: Known): Done {
  const { find } = new WorkingSet(kept.contacts)
  return { kept, told: toldOfPreview(preview(find, request, { ...rules, separations: kept.separations })) }
}

function correct(
  kept: Kept,
  asked: Exclude<Asked, { type: 'identify' | 'identifyMany' | 'preview' }>,
  told: Told,
  { rules }: Known,
): Done {
  if (asked.type === 'split') return splitOff(kept, asked)
  if (asked.type === 'erase') return eraseWhole(kept, asked.contactId, told)
  return asked.type === 'delete' ? remove(kept, asked.contactId) : restore(kept, asked.contactId, rules)
}

function splitOff(kept: Kept, { contactIds, keepApart }: Extract<Asked, { type: 'split' }>): Done {
  const result = split(personOf(kept, contactIds[0]!), kept.bridges, contactIds, { at: AT, keepApart })
  const { separation } = result
  const separations = separation ? [...kept.separations, { id: 0, contactIds: separation }] : kept.separations
  return {
    kept: { ...changed(kept, result), separations },
    told: { persons: result.persons.map(viewOf), isSeparated: separation !== null },
  }
}

function remove(kept: Kept, contactId: number): Done {
  const division = deleteContact(personOf(kept, contactId), kept.bridges, contactId, AT)
  return { kept: changed(kept, division), told: { persons: division.persons.filter(isSeen).map(viewOf) } }
}

function restore(kept: Kept, contactId: number, rules: Rules): Done {
  const set = new WorkingSet(kept.contacts)
  const context = {
    find: set.find,
    findByContact: (id: number) => set.findByContact(id),
    bridges: kept.bridges,
    rules: { ...rules, separations: kept.separations },
  }
  const former = personOf(kept, contactId)
  const result = restoreContact(former, contactId, context, AT)
  const now = changed(kept, { changed: result.changed, fallen: result.division?.fallen ?? [] })
  // Whoever it was about, oldest first.
  const ids = new Set(
    [former, result.person, ...result.absorbed].flatMap(({ contacts }) => contacts.map(({ id }) => id)),
  )
  const persons = new WorkingSet(now.contacts)
    .persons()
    .filter(({ contacts }) => contacts.some(({ id }) => ids.has(id)))
  const ageOf = new Map(now.contacts.map(({ id }, index) => [id, index]))
  const views = persons.filter(isSeen).map(viewOf)
  return {
    kept: now,
    told: { persons: views.sort((a, b) => ageOf.get(a.primaryContactId)! - ageOf.get(b.primaryContactId)!) },
  }
}

/** A value of a deleted contact may be claimed by somebody else until the very end: such a one counts or not. */
function eraseWhole(kept: Kept, contactId: number, asTold: Told): Done {
  const set = new WorkingSet(kept.contacts)
  const person = personOf(kept, contactId)
  const { contactIds, identifiers } = erase(person, kept.bridges, kept.separations, set.find)
  const isErased = (one: Identifier) => identifiers.some(({ kind, value }) => kind === one.kind && value === one.value)
  const gone = new Set(contactIds)
  const ownCount = new Set(person.contacts.flatMap(identifiersOf).map(({ kind, value }) => `${kind} ${value}`)).size
  const isAllowed =
    'erasedIds' in asTold && asTold.identifierCount >= identifiers.length && asTold.identifierCount <= ownCount
  let now = kept
  for (const other of set.persons().filter(({ root }) => root.id !== person.root.id)) {
    const { goneIds = [], division } = scrub(other, isErased, AT) ?? {}
    for (const id of goneIds) gone.add(id)
    if (division) now = changed(now, division)
  }
  const areThere = (ids: readonly number[]) => ids.every((id) => !gone.has(id))
  return {
    kept: {
      contacts: now.contacts.filter(({ id }) => !gone.has(id)),
      bridges: now.bridges.filter(({ emailContactId, phoneContactId }) => areThere([emailContactId, phoneContactId])),
      separations: now.separations.filter((separation) => areThere(separation.contactIds)),
      erasedIds: [...kept.erasedIds, ...gone].sort((a, b) => a - b),
    },
    told: { erasedIds: contactIds, identifierCount: isAllowed ? asTold.identifierCount : identifiers.length },
  }
}

export function changed(
  kept: Kept,
  { changed, fallen }: { changed: readonly Contact[]; fallen: readonly Bridge[] },
): Kept {
  const now = new Map(kept.contacts.map((contact) => [contact.id, contact]))
  for (const contact of changed) now.set(contact.id, contact)
  return {
    ...kept,
    contacts: sorted([...now.values()]),
    bridges: kept.bridges.filter((bridge) => !fallen.includes(bridge)),
  }
}

/** The person of a contact, be it deleted. @throws IdentityError `not_found` */
function personOf({ contacts }: Kept, contactId: number): Person {
  const person = new WorkingSet(contacts).personOfAny(contactId)
  if (!person) throw new IdentityError('not_found', `There is no contact ${contactId}.`)
  return person
}

function isSeen({ contacts }: Person): boolean {
  return contacts.some(({ deletedAt }) => deletedAt === null)
}

function sorted(contacts: readonly Contact[]): Contact[] {
  return contacts.toSorted(compareAge)
}

function idsOf({ primaryContactId, secondaryContactIds }: PersonView): number[] {
  return [primaryContactId, ...secondaryContactIds]
}
