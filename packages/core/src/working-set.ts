import type { CanonicalRequest } from './canonical/request.ts'
import { type Contact, isLive } from './contact.ts'
import { groupBy } from './group-by.ts'
import { type Identifier, identifiersOf } from './identifier.ts'
import { IdentifierMap } from './identifier-map.ts'
import { type Person, personOf } from './person.ts'
import { type Reconciliation, reconcile, type Stamp } from './reconcile.ts'
import type { ReconcileRules } from './refusal.ts'

/** What all keys of one person lead to, so that a person who changes is replaced in one place. */
interface Entry {
  person: Person
}

/**
 * Persons held in memory and indexed: all of a workspace in the in-memory store, the persons that one batch touches in
 * the PostgreSQL store. Requests are reconciled one after another; each sees what those before it did.
 */
export class WorkingSet {
  readonly #byContactId = new Map<number, Entry>()
  readonly #byIdentifier = new IdentifierMap<Entry>()
  /** Identifiers that a deleted contact carries: their rows may have to make way when someone new claims them. */
  readonly #retired = new IdentifierMap<Entry>()

  /** @param contacts whole persons: with any contact, all contacts of its person, deleted ones included. */
  constructor(contacts: Iterable<Contact> = []) {
    this.load(contacts)
  }

  /** Adds persons that are not there yet, whole ones. */
  load(contacts: Iterable<Contact>): void {
    const secondaries: Contact[] = []
    for (const contact of contacts) {
      if (contact.linkedId === null) this.#index(contact, { person: personOf(contact, []) })
      else secondaries.push(contact)
    }
    for (const [rootId, others] of groupBy(secondaries, (contact) => contact.linkedId!)) {
      const entry = this.#byContactId.get(rootId)
      if (!entry) throw new Error(`contact ${others[0]!.id} points at contact ${rootId}, which is not there`)
      entry.person = personOf(entry.person.root, others)
      for (const contact of others) this.#index(contact, entry)
    }
  }

  /** The roots of the persons that carry the identifiers: what a store locks persons by. */
  rootIdsOf(identifiers: readonly Identifier[]): number[] {
    const rootIds = new Set<number>()
    for (const identifier of identifiers) {
      const entry = this.#byIdentifier.get(identifier)
      if (entry) rootIds.add(entry.person.root.id)
    }
    return [...rootIds]
  }

  contacts(): Contact[] {
    return this.persons().flatMap(({ contacts }) => contacts)
  }

  /** All persons, each once. */
  persons(): Person[] {
    return [...new Set(this.#byContactId.values())].map(({ person }) => person)
  }

  /** The person of a contact, be it deleted. */
  personOfAny(contactId: number): Person | undefined {
    return this.#byContactId.get(contactId)?.person
  }

  find = (identifier: Identifier): Person | undefined => this.#byIdentifier.get(identifier)?.person

  /** True when any contact among those loaded carries the identifier, be it a deleted one. */
  knows(identifier: Identifier): boolean {
    return this.#byIdentifier.has(identifier) || this.#retired.has(identifier)
  }

  /** The person of a live contact. */
  findByContact(contactId: number): Person | undefined {
    const person = this.#byContactId.get(contactId)?.person
    return person?.contacts.some((contact) => contact.id === contactId && isLive(contact)) ? person : undefined
  }

  /** Reconciles one request and keeps what follows from it. */
  reconcile(request: CanonicalRequest, stamp: Stamp, rules?: ReconcileRules): Reconciliation {
    const result = reconcile(this.find, request, stamp, rules)
    const { person, added, changed } = result
    const entry = this.#byContactId.get(person.root.id) ?? { person }
    entry.person = person
    for (const contact of changed) this.#index(contact, entry)
    if (added) this.#index(added, entry)
    return result
  }

  /** True when a deleted contact among those loaded carries the identifier. */
  isRetired(identifier: Identifier): boolean {
    return this.#retired.has(identifier)
  }

  #index(contact: Contact, entry: Entry): void {
    this.#byContactId.set(contact.id, entry)
    const index = isLive(contact) ? this.#byIdentifier : this.#retired
    for (const identifier of identifiersOf(contact)) index.set(identifier, entry)
  }
}
