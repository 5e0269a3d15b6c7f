import type { CanonicalRequest } from './canonical/request.ts'
import type { Contact } from './contact.ts'
import { type PersonView, viewOf } from './person.ts'
import { type Preview, preview } from './preview.ts'
import type { IdentifyResult, IdentityStore, PersonQuery } from './store.ts'
import { WorkingSet } from './working-set.ts'

export interface MemoryStoreOptions {
  /** Contacts to start with, by workspace id. */
  contacts?: Readonly<Record<number, readonly Contact[]>>
  /** @default the system's clock */
  now?: () => Date
}

/** A whole service's persons in memory: for tests, previews and apps that keep nothing. */
export class MemoryStore implements IdentityStore {
  readonly #workspaces = new Map<number, WorkingSet>()
  readonly #now: () => Date
  #lastId = 0

  constructor({ contacts = {}, now = () => new Date() }: MemoryStoreOptions = {}) {
    this.#now = now
    for (const [workspaceId, rows] of Object.entries(contacts)) {
      this.#workspaces.set(Number(workspaceId), new WorkingSet(rows))
      for (const { id } of rows) this.#lastId = Math.max(this.#lastId, id)
    }
  }

  async identify(workspaceId: number, requests: readonly CanonicalRequest[]): Promise<IdentifyResult[]> {
    const persons = this.#workspace(workspaceId)
    const stamp = { at: this.#now(), newId: () => ++this.#lastId }
    return requests.map((request) => {
      const { outcome, person } = persons.reconcile(request, stamp)
      return { outcome, person: viewOf(person) }
    })
  }

  async find(workspaceId: number, query: PersonQuery): Promise<PersonView | null> {
    const persons = this.#workspace(workspaceId)
    const person = 'contactId' in query ? persons.findByContact(query.contactId) : persons.find(query.identifier)
    return person ? viewOf(person) : null
  }

  async preview(workspaceId: number, request: CanonicalRequest): Promise<Preview> {
    return preview(this.#workspace(workspaceId).find, request)
  }

  /** Every contact of a workspace as it would stand in the table, by id. */
  contacts(workspaceId: number): Contact[] {
    return this.#workspace(workspaceId)
      .contacts()
      .sort((a, b) => a.id - b.id)
  }

  #workspace(workspaceId: number): WorkingSet {
    const known = this.#workspaces.get(workspaceId)
    if (known) return known
    const fresh = new WorkingSet()
    this.#workspaces.set(workspaceId, fresh)
    return fresh
  }
}
