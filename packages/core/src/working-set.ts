import type { CanonicalRequest } from './canonical/request.ts'
import { type Contact, isLive } from './contact.ts'
import { groupBy } from './group-by.ts'
import { type Identifier, identifierKey, identifiersOf } from './identifier.ts'
import { type Person, personOf } from './person.ts'
import { type Reconciliation, reconcile, type Stamp } from './reconcile.ts'

/**
 * Persons held in memory and indexed: all of a workspace in the in-memory store, the persons that one batch touches in
 * the PostgreSQL store. Requests are reconciled one after another; each sees what those before it did.
 */
export class WorkingSet {
  readonly #personByRootId = new Map<number, Person>()
  readonly #rootIdByContactId = new Map<number, number>()
  readonly #rootIdByIdentifier = new Map<string, number>()
  /** Identifiers that a deleted contact carries: their rows may have to make way when someone new claims them. */
  readonly #retired = new Set<string>()

  /** @param contacts whole persons: with any contact, all contacts of its person, deleted ones included. */
  constructor(contacts: Iterable<Contact> = []) {
    this.load(contacts)
  }

  /** Adds persons that are not there yet, whole ones. */
  load(contacts: Iterable<Contact>): void {
    for (const [rootId, members] of groupBy(contacts, (contact) => contact.linkedId ?? contact.id)) {
      const root = members.find((contact) => contact.id === rootId)
      if (!root) throw new Error(`contact ${members[0]!.id} points at contact ${rootId}, which is not there`)
      const others = members.filter((contact) => contact !== root)
      this.#personByRootId.set(rootId, personOf(root, others))
      for (const contact of members) this.#index(contact, rootId)
    }
  }

  /** The roots of the persons that carry the identifiers: what a store locks persons by. */
  rootIdsOf(identifiers: readonly Identifier[]): number[] {
    const rootIds = new Set<number>()
    for (const identifier of identifiers) {
      const rootId = this.#rootIdByIdentifier.get(identifierKey(identifier))
      if (rootId !== undefined) rootIds.add(rootId)
    }
    return [...rootIds]
  }

  contacts(): Contact[] {
    return [...this.#personByRootId.values()].flatMap((person) => person.contacts)
  }

  find = (identifier: Identifier): Person | undefined =>
    this.#person(this.#rootIdByIdentifier.get(identifierKey(identifier)))

  /** The person of a live contact. */
  findByContact(contactId: number): Person | undefined {
    return this.#person(this.#rootIdByContactId.get(contactId))
  }

  /** Reconciles one request and keeps what follows from it. */
  reconcile(request: CanonicalRequest, stamp: Stamp): Reconciliation {
    const result = reconcile(this.find, request, stamp)
    const { outcome, person, added, changed } = result
    if (outcome === 'existing') return result
    const rootId = person.root.id
    for (const contact of changed) {
      if (contact.id === rootId) continue
      this.#personByRootId.delete(contact.id)
      this.#index(contact, rootId)
    }
    if (added) this.#index(added, rootId)
    this.#personByRootId.set(rootId, person)
    return result
  }

  /** True when a deleted contact among those loaded carries the identifier. */
  isRetired(identifier: Identifier): boolean {
    return this.#retired.has(identifierKey(identifier))
  }

  #person(rootId: number | undefined): Person | undefined {
    return rootId === undefined ? undefined : this.#personByRootId.get(rootId)
  }

  #index(contact: Contact, rootId: number): void {
    if (isLive(contact)) this.#rootIdByContactId.set(contact.id, rootId)
    for (const identifier of identifiersOf(contact)) {
      if (isLive(contact)) this.#rootIdByIdentifier.set(identifierKey(identifier), rootId)
      else this.#retired.add(identifierKey(identifier))
    }
  }
}
