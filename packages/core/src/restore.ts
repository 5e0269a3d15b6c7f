import type { BlockList } from './block-list.ts'
import type { Bridge } from './bridge.ts'
import { type Contact, compareAge, isLive } from './contact.ts'
import { type Division, divide, released, splitEvents } from './divide.ts'
import { IdentityError } from './errors.ts'
import type { IdentityEvent } from './event.ts'
import { type Identifier, identifiersOf, linkingEmail, linkingPhone } from './identifier.ts'
import type { Person } from './person.ts'
import { type FindPerson, merge } from './reconcile.ts'
import { type ReconcileRules, refusalOf } from './refusal.ts'
import { unique } from './unique.ts'

/** Where a restored contact finds whom it belongs to. */
export interface RestoreContext {
  readonly find: FindPerson
  /** The person of a live contact. */
  readonly findByContact: (contactId: number) => Person | undefined
  /** Those that name the contact; others do no harm. */
  readonly bridges: readonly Bridge[]
  /** What the workspace refuses and blocks. @default nothing */
  readonly rules?: RestoreRules & Pick<ReconcileRules, 'separations'>
}

/** What a workspace refuses and blocks, but for its separations. */
export interface RestoreRules extends Omit<ReconcileRules, 'separations'> {
  /** Values that the contact is not to be linked by again. @default none */
  readonly blocked?: BlockList | null
}

/** What a store must make true where a contact is restored. */
export interface Restoration {
  /** The contact's person, afterwards. */
  readonly person: Person
  /** Contacts that change, in their new form. */
  readonly changed: readonly Contact[]
  /** The contact's values that nobody carried meanwhile: their rows are to name it. */
  readonly claimed: readonly Identifier[]
  /** Bridges that are to be forgotten, as the contact's value of theirs is released. */
  readonly fallen: readonly Bridge[]
  /** The persons whose contacts come to point at another root, as they were. */
  readonly absorbed: readonly Person[]
  /** What became of the person whose row it had, where it leaves that; null where it stays. */
  readonly division: Division | null
}

/**
 * Takes a deletion back: the contact matches and shows again, and everybody who shares a value with it, or is joined to
 * it by a bridge, becomes one person (rule R3), whoever came to its values meanwhile included. Where nobody does, it is
 * of the person whose row it has. Where others do and that person's contacts do not, it leaves that person.
 * @throws IdentityError `not_found` where it is no deleted contact of the person; `conflict` where a rule of the
 * workspace forbids those persons to become one
 */
export function restoreContact(person: Person, contactId: number, context: RestoreContext, at: Date): Restoration {
  const contact = person.contacts.find(({ id }) => id === contactId)
  if (!contact || isLive(contact)) {
    throw new IdentityError(
      'not_found',
      `There is no deleted contact ${contactId}. Only a deleted contact is restored.`,
    )
  }
  // As it would be, had the rules been applied to it by now.
  const { isBlocked = () => false } = context.rules?.blocked ?? {}
  const restored: Contact = { ...released(contact, isBlocked), deletedAt: null, updatedAt: at }
  const contacts = person.contacts.map((other) => (other === contact ? restored : other))
  const joined = joinedTo(restored, context)
  const others = joined.filter(({ root }) => root.id !== person.root.id)
  const rest = contacts.filter((other) => other !== restored && isLive(other))
  const staysHere = joined.length === 0 || others.length < joined.length
  // A root that is live must be the oldest. Where it would not be, the contact is a person first, and then joined.
  const oldest = [...rest, restored].sort(compareAge)[0]!
  const takesOver = staysHere && (isLive(person.root) || restored.id === person.root.id) && oldest.id !== person.root.id
  const stays = rest.length === 0 || (staysHere && !takesOver)
  const groups = stays ? [[...rest, restored]] : [rest, [restored]]
  const division = divide(person, [], groups, at, { contacts })
  const own = division.persons.at(-1)!
  const back = !stays && takesOver ? [division.persons[0]!] : []
  if (context.rules) {
    refuseIfForbidden(back.length === 0 ? own : merge([own, ...back], at).person, others, context.rules, restored)
  }
  const toJoin = [...back, ...others]
  const changed = new Map(division.changed.map((change) => [change.id, change]))
  const claimed = identifiersOf(restored).filter((identifier) => !context.find(identifier))
  const fallen = context.bridges.filter(
    ({ emailContactId, phoneContactId }) =>
      (emailContactId === contactId && linkingEmail(restored) === null) ||
      (phoneContactId === contactId && linkingPhone(restored) === null),
  )
  const result = { claimed, fallen, division: stays ? null : division }
  if (toJoin.length === 0) return { person: own, changed: [...changed.values()], absorbed: [], ...result }
  const merged = merge([own, ...toJoin], at)
  for (const change of merged.changed) changed.set(change.id, change)
  return { person: merged.person, changed: [...changed.values()], absorbed: merged.absorbed, ...result }
}

/** What a restoration says in the log, in order: that it happened, what it left, and whom it joined. */
export function restoreEvents(former: Person, contactId: number, restoration: Restoration): IdentityEvent[] {
  const { person, absorbed, division } = restoration
  const restored = person.contacts.find(({ id }) => id === contactId)!
  const events: IdentityEvent[] = [{ type: 'contact.restored', personId: former.root.id, contactId }]
  if (division) events.push(...splitEvents(former, division, 'delete'))
  if (absorbed.length > 0) {
    events.push({
      type: 'persons.merged',
      personId: person.root.id,
      absorbed: absorbed.map(({ root }) => root.id),
      by: {
        email: linkingEmail(restored) === null ? null : contactId,
        phone: linkingPhone(restored) === null ? null : contactId,
      },
      contactId: null,
      moved: absorbed.flatMap(({ root, contacts }) => contacts.map(({ id }) => ({ contactId: id, from: root.id }))),
    })
  }
  return events
}

function joinedTo(restored: Contact, { find, findByContact, bridges }: RestoreContext): Person[] {
  const byValue = identifiersOf(restored).map(find)
  const byBridge = bridges.flatMap(({ emailContactId, phoneContactId }) => {
    if (emailContactId === restored.id && linkingEmail(restored) !== null)
      return [partner(phoneContactId, linkingPhone)]
    if (phoneContactId === restored.id && linkingPhone(restored) !== null)
      return [partner(emailContactId, linkingEmail)]
    return []
  })
  function partner(id: number, linking: typeof linkingEmail): Person | undefined {
    const person = findByContact(id)
    return person?.contacts.some((contact) => contact.id === id && linking(contact) !== null) ? person : undefined
  }
  return unique([...byValue, ...byBridge].filter((person) => person !== undefined))
}

function refuseIfForbidden(own: Person, others: readonly Person[], rules: ReconcileRules, contact: Contact): void {
  let whole = own
  for (const other of others) {
    const refusal = refusalOf([whole, other], [], rules)
    if (refusal) {
      const rule = refusal.reason === 'separation' ? `separation ${refusal.separationId}` : `the ${refusal.reason}`
      throw new IdentityError(
        'conflict',
        `Contact ${contact.id} cannot be restored: it would join persons ${whole.root.id} and ${other.root.id}, which ${rule} forbids. Lift that first.`,
      )
    }
    whole = merge([whole, other], contact.updatedAt).person
  }
}
