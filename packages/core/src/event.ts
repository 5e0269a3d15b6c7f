import { type IdentifierCarrier, type IdentifierKind, linkingEmail, linkingPhone } from './identifier.ts'
import type { Person } from './person.ts'
import type { Reconciliation } from './reconcile.ts'

/*
 * What happened to persons, by ids alone: an event never holds an e-mail or a phone number. A person is named by the id
 * of its root, the contact that all its others point at.
 */

export interface PersonCreated {
  readonly type: 'person.created'
  readonly personId: number
  /** The contact that made the person, whose id the person bears. */
  readonly contactId: number
}

export interface ContactAdded {
  readonly type: 'contact.added'
  readonly personId: number
  readonly contactId: number
  /** The person's name until then, where the new contact is older than all others and names the person from now on. */
  readonly formerPersonId?: number | undefined
}

export interface PersonsMerged {
  readonly type: 'persons.merged'
  /** The person that survives. */
  readonly personId: number
  /** The persons that are part of it from now on. */
  readonly absorbed: readonly number[]
  /** The identifiers of the request that did it, by the contacts that carry them; null for one that it did not have. */
  readonly by: { readonly email: number | null; readonly phone: number | null }
  /** The contact that the request added; null where it only merged (rule R4). */
  readonly contactId: number | null
  /** Every contact that came from another person, and that person. */
  readonly moved: readonly MovedContact[]
}

export interface MovedContact {
  readonly contactId: number
  readonly from: number
}

export interface MergeRefused {
  readonly type: 'merge.refused'
  /** The person that answered. */
  readonly personId: number
  /** The person that was not joined; null where a value was not added, so that no other is involved. */
  readonly otherPersonId: number | null
  readonly reason: 'separation' | 'email-limit' | 'phone-limit'
  /** With the reason `separation`: which one. */
  readonly separationId?: number | undefined
  /** How often this was refused, this time included. It is told at the first time and at each power of ten. */
  readonly count: number
}

export interface PersonSplit {
  readonly type: 'person.split'
  readonly personId: number
  readonly newPersonId: number
  /** The contacts of the new person. */
  readonly contactIds: readonly number[]
  readonly cause: 'split' | 'undo' | 'block' | 'delete'
  /** With the cause `undo`: the merge that was undone. */
  readonly eventId?: string | undefined
  /** What keeps the two apart from now on. */
  readonly separations: readonly number[]
}

export interface IdentifierRuled {
  readonly type: 'identifier.blocked' | 'identifier.unblocked'
  readonly ruleId: number
}

export interface ContactsSeparated {
  readonly type: 'contacts.separated' | 'contacts.released'
  readonly separationId: number
  readonly contactIds: readonly number[]
}

export interface ContactRemoved {
  readonly type: 'contact.deleted' | 'contact.restored'
  readonly personId: number
  readonly contactId: number
}

export interface PersonErased {
  readonly type: 'person.erased'
  readonly personId: number
  /** Those that are gone: all of the person's, or such as had nothing but a value of another person who was erased. */
  readonly contactIds: readonly number[]
  /** Why, in words that name nobody. */
  readonly reason?: string | undefined
}

export interface IdentifierSuspected {
  readonly type: 'identifier.suspected'
  /** A contact that carries it. */
  readonly contactId: number
  readonly kind: IdentifierKind
}

export type IdentityEvent =
  | PersonCreated
  | ContactAdded
  | PersonsMerged
  | MergeRefused
  | PersonSplit
  | IdentifierRuled
  | ContactsSeparated
  | ContactRemoved
  | PersonErased
  | IdentifierSuspected

/** On whose behalf something is done. */
export interface Origin {
  /** The id of the key that the request came with; null where the service is open, or the change came by command. */
  readonly actor: string | null
  /** Null where no request did it. */
  readonly requestId: string | null
}

/** An event that is about to be written, and who asked for it. */
export interface WrittenEvent {
  readonly event: IdentityEvent
  readonly origin: Origin
}

/** Of what no request asked for. */
export const NO_ORIGIN: Origin = { actor: null, requestId: null }

/** An event as it stands in a workspace's log. */
export type RecordedEvent = IdentityEvent &
  Origin & {
    /** Its place in the log, and the cursor that leads to what follows it. Opaque. */
    readonly id: string
    /** ISO 8601, UTC, with milliseconds. */
    readonly at: string
  }

/** What a request did, as an event; null where it changed nothing. */
export function eventOf(request: IdentifierCarrier, reconciliation: Reconciliation): IdentityEvent | null {
  const { outcome, person, added, absorbed } = reconciliation
  const personId = person.root.id
  switch (outcome) {
    case 'existing':
    // Refusals are counted by pair, which takes the store: one event for all alike.
    case 'refused':
      return null
    case 'created':
      return { type: 'person.created', personId, contactId: personId }
    case 'linked': {
      const [former] = absorbed
      const event = { type: 'contact.added', personId, contactId: added!.id } as const
      return former ? { ...event, formerPersonId: former.root.id } : event
    }
    case 'merged':
      return {
        type: 'persons.merged',
        personId,
        absorbed: absorbed.map(({ root }) => root.id),
        by: {
          email: carrierId(person, linkingEmail, request.email),
          phone: carrierId(person, linkingPhone, request.phoneNumber),
        },
        contactId: added?.id ?? null,
        moved: absorbed.flatMap(({ root, contacts }) => contacts.map(({ id }) => ({ contactId: id, from: root.id }))),
      }
  }
}

/** The oldest live contact that the value links. */
function carrierId(person: Person, linking: typeof linkingEmail, value: string | null): number | null {
  if (value === null) return null
  return person.contacts.find((contact) => linking(contact) === value && contact.deletedAt === null)?.id ?? null
}
