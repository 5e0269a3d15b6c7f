import type { CanonicalRequest } from './canonical/request.ts'
import type { Contact } from './contact.ts'
import { eventOf, NO_ORIGIN, type Origin, type RecordedEvent } from './event.ts'
import { eventCursor, eventId, notAnEvent } from './event-cursor.ts'
import { type PersonView, viewOf } from './person.ts'
import { type Preview, preview } from './preview.ts'
import type { EventQuery, IdentifyResult, IdentityStore, PersonQuery } from './store.ts'
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
  /** What each call that changed something did, by workspace. */
  readonly #logs = new Map<number, RecordedEvent[][]>()
  /** Whoever waits for the next call that does, by workspace. */
  readonly #waiting = new Map<number, Array<() => void>>()
  readonly #now: () => Date
  #lastId = 0

  constructor({ contacts = {}, now = () => new Date() }: MemoryStoreOptions = {}) {
    this.#now = now
    for (const [workspaceId, rows] of Object.entries(contacts)) {
      this.#workspaces.set(Number(workspaceId), new WorkingSet(rows))
      for (const { id } of rows) this.#lastId = Math.max(this.#lastId, id)
    }
  }

  async identify(
    workspaceId: number,
    requests: readonly CanonicalRequest[],
    origin: Origin = NO_ORIGIN,
  ): Promise<IdentifyResult[]> {
    const persons = this.#workspace(workspaceId)
    const stamp = { at: this.#now(), newId: () => ++this.#lastId }
    const log = this.#log(workspaceId)
    const change: RecordedEvent[] = []
    const results = requests.map((request) => {
      const reconciliation = persons.reconcile(request, stamp)
      const event = eventOf(request, reconciliation)
      const id = eventId({ position: log.length + 1, index: change.length })
      if (event) change.push({ id, at: stamp.at.toISOString(), ...origin, ...event })
      return { outcome: reconciliation.outcome, person: viewOf(reconciliation.person) }
    })
    if (change.length > 0) {
      log.push(change)
      for (const wake of this.#waiting.get(workspaceId)?.splice(0) ?? []) wake()
    }
    return results
  }

  async find(workspaceId: number, query: PersonQuery): Promise<PersonView | null> {
    const persons = this.#workspace(workspaceId)
    const person = 'contactId' in query ? persons.findByContact(query.contactId) : persons.find(query.identifier)
    return person ? viewOf(person) : null
  }

  async preview(workspaceId: number, request: CanonicalRequest): Promise<Preview> {
    return preview(this.#workspace(workspaceId).find, request)
  }

  async events(workspaceId: number, { after, limit }: EventQuery): Promise<RecordedEvent[]> {
    const { position, index } = eventCursor(after)
    const log = this.#log(workspaceId)
    if (after !== undefined && !log[position - 1]?.[index]) throw notAnEvent(after)
    const rest = position === 0 ? log : [log[position - 1]!.slice(index + 1), ...log.slice(position)]
    return rest.flat().slice(0, limit)
  }

  async untilEvents(workspaceId: number, after: string | undefined, signal: AbortSignal): Promise<void> {
    if (signal.aborted || (await this.events(workspaceId, { after, limit: 1 })).length > 0) return
    await new Promise<void>((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.set(workspaceId, [...(this.#waiting.get(workspaceId) ?? []), wake])
      signal.addEventListener('abort', wake)
    })
  }

  /** Every contact of a workspace as it would stand in the table, by id. */
  contacts(workspaceId: number): Contact[] {
    return this.#workspace(workspaceId)
      .contacts()
      .sort((a, b) => a.id - b.id)
  }

  #log(workspaceId: number): RecordedEvent[][] {
    const known = this.#logs.get(workspaceId)
    if (known) return known
    const fresh: RecordedEvent[][] = []
    this.#logs.set(workspaceId, fresh)
    return fresh
  }

  #workspace(workspaceId: number): WorkingSet {
    const known = this.#workspaces.get(workspaceId)
    if (known) return known
    const fresh = new WorkingSet()
    this.#workspaces.set(workspaceId, fresh)
    return fresh
  }
}
