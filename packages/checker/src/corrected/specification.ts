import {
  type Bridge,
  bridgeOf,
  type Contact,
  compareAge,
  deleteContact,
  erase,
  eventOf,
  type Identifier,
  IdentityError,
  type Person,
  type PersonView,
  restoreContact,
  type Separation,
  scrub,
  split,
  viewOf,
  WorkingSet,
} from '@identity/core'
import type { OracleRequest } from '../oracle.ts'
import type { Specification } from '../search-order.ts'
import type { Asked, CorrectionCall, Told } from './call.ts'

/** All that is kept of the persons of one history. */
export interface Kept {
  readonly contacts: readonly Contact[]
  readonly bridges: readonly Bridge[]
  readonly separations: readonly Separation[]
  /** Ids are never used again. */
  readonly erasedIds: readonly number[]
}

/** What a call leaves, and what its caller is told. */
interface Done {
  readonly kept: Kept
  readonly told: Told
}

export const NOTHING: Kept = { contacts: [], bridges: [], separations: [], erasedIds: [] }
const NO_LIMITS = { limits: { email: null, phone: null }, priority: 'email' } as const

/** When anything happened that no answer depends on. */
export const AT = new Date(0)

/**
 * What identify and the corrections do one after another, by the core's own pure functions. So an order that this
 * explains proves that calls are atomic and have one order that agrees with real time; it proves nothing about the rules
 * of split, delete, restore and erase, which the property tests of the core check against oracles of their own.
 * @param createdAt of every contact, by id: what the store says of their age
 */
export function correctionsOneByOne(createdAt: ReadonlyMap<number, Date>): Specification<CorrectionCall, Kept> {
  return {
    initial: NOTHING,
    *apply({ asked, told }, kept) {
      const done = outcomeOf(asked, told, kept, createdAt)
      if (done && JSON.stringify(done.told) === JSON.stringify(told)) yield done.kept
    },
    keyOf: (kept) => JSON.stringify(kept),
    mayBeLeftOut: () => false,
  }
}

/** @returns null where it adds a contact and the answer shows no new one */
export function outcomeOf(asked: Asked, told: Told, kept: Kept, createdAt: ReadonlyMap<number, Date>): Done | null {
  return asked.type === 'identify' ? identify(kept, asked.request, told, createdAt) : correct(kept, asked)
}

function identify(
  kept: Kept,
  { email, phoneNumber }: OracleRequest,
  told: Told,
  createdAt: ReadonlyMap<number, Date>,
): Done | null {
  const known = new Set([...kept.contacts.map(({ id }) => id), ...kept.erasedIds])
  const fresh = 'persons' in told ? told.persons.flatMap(idsOf).find((id) => !known.has(id)) : undefined
  const set = new WorkingSet(kept.contacts)
  const stamp = { at: (fresh !== undefined && createdAt.get(fresh)) || AT, newId: () => fresh ?? Number.NaN }
  const request = { email, phoneNumber }
  const result = set.reconcile(request, stamp, { ...NO_LIMITS, separations: kept.separations })
  if (result.added && fresh === undefined) return null
  const event = result.refusal ? null : eventOf(request, result)
  const bridge = event?.type === 'persons.merged' ? bridgeOf(event, AT) : null
  const bridges = bridge ? [...kept.bridges, bridge] : kept.bridges
  return { kept: { ...kept, contacts: sorted(set.contacts()), bridges }, told: { persons: [viewOf(result.person)] } }
}

function correct(kept: Kept, asked: Exclude<Asked, { type: 'identify' }>): Done {
  try {
    if (asked.type === 'split') return splitOff(kept, asked)
    if (asked.type === 'erase') return eraseWhole(kept, asked.contactId)
    return asked.type === 'delete' ? remove(kept, asked.contactId) : restore(kept, asked.contactId)
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error
    return { kept, told: { refused: error.code as 'conflict' | 'not_found' } }
  }
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

function restore(kept: Kept, contactId: number): Done {
  const set = new WorkingSet(kept.contacts)
  const context = {
    find: set.find,
    findByContact: (id: number) => set.findByContact(id),
    bridges: kept.bridges,
    rules: { ...NO_LIMITS, separations: kept.separations },
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

function eraseWhole(kept: Kept, contactId: number): Done {
  const set = new WorkingSet(kept.contacts)
  const person = personOf(kept, contactId)
  const { contactIds, identifiers } = erase(person, kept.bridges, kept.separations, set.find)
  const isErased = (one: Identifier) => identifiers.some(({ kind, value }) => kind === one.kind && value === one.value)
  const gone = new Set(contactIds)
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
    told: { erasedIds: contactIds, identifierCount: identifiers.length },
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
