import { type Bridge, bridgeOf } from './bridge.ts'
import type { CanonicalRequest } from './canonical/request.ts'
import type { Contact } from './contact.ts'
import type { Corrections } from './corrections.ts'
import { eventOf, type IdentityEvent, NO_ORIGIN, type Origin, type RecordedEvent } from './event.ts'
import { eventCursor, eventId, notAnEvent } from './event-cursor.ts'
import type { Identifier } from './identifier.ts'
import type { Inquiries } from './inquiries.ts'
import { MemoryCorrections, type MemoryWorkspace } from './memory-corrections.ts'
import { MemoryInquiries } from './memory-inquiries.ts'
import { MemoryRules } from './memory-rules.ts'
import { MemoryWebhooks } from './memory-webhooks.ts'
import { type PersonView, viewOf } from './person.ts'
import { type Preview, preview } from './preview.ts'
import type { KeptSeparation } from './rule-store.ts'
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
  readonly #workspaces = new Map<number, Workspace>()
  readonly #now: () => Date
  readonly corrections: Corrections
  readonly inquiries: Inquiries
  readonly rules: MemoryRules
  readonly webhooks: MemoryWebhooks
  #lastId = 0

  constructor({ contacts = {}, now = () => new Date() }: MemoryStoreOptions = {}) {
    this.#now = now
    this.rules = new MemoryRules((workspaceId) => this.#corrigible(workspaceId), now)
    this.corrections = new MemoryCorrections(
      (workspaceId) => this.#corrigible(workspaceId),
      (workspaceId) => this.rules.reconcileRules(workspaceId, []),
      now,
    )
    this.inquiries = new MemoryInquiries((workspaceId) => this.#corrigible(workspaceId))
    this.webhooks = new MemoryWebhooks(now)
    for (const [workspaceId, rows] of Object.entries(contacts)) {
      this.#workspaces.set(Number(workspaceId), newWorkspace(rows))
      for (const { id } of rows) this.#lastId = Math.max(this.#lastId, id)
    }
  }

  async identify(
    workspaceId: number,
    requests: readonly CanonicalRequest[],
    origin: Origin = NO_ORIGIN,
  ): Promise<IdentifyResult[]> {
    // All or none: a request of which nothing usable remains is refused before any is done.
    const usable = requests.map((request) => this.rules.usable(workspaceId, request))
    const { persons, bridges, separations } = this.#workspace(workspaceId)
    const rules = this.rules.reconcileRules(workspaceId, separations)
    const stamp = { at: this.#now(), newId: () => ++this.#lastId }
    const written: Array<{ event: IdentityEvent; origin: Origin }> = []
    const suspects: Identifier[] = []
    const results = usable.map((request) => {
      const reconciliation = persons.reconcile(request, stamp, rules)
      const { outcome, person, added, refusal } = reconciliation
      const event = refusal ? this.rules.count(workspaceId, refusal) : eventOf(request, reconciliation)
      if (event) written.push({ event, origin })
      const bridge = event?.type === 'persons.merged' ? bridgeOf(event, stamp.at) : null
      if (bridge) bridges.push(bridge)
      for (const identifier of added ? this.rules.suspectsOf(workspaceId, person, added) : []) {
        const { kind } = identifier
        written.push({ event: { type: 'identifier.suspected', contactId: added!.id, kind }, origin })
        suspects.push(identifier)
      }
      return { outcome, person: viewOf(person) }
    })
    this.#record(workspaceId, written, stamp.at)
    this.rules.blockSuspects(workspaceId, suspects)
    return results
  }

  async find(workspaceId: number, query: PersonQuery): Promise<PersonView | null> {
    const { persons } = this.#workspace(workspaceId)
    const person = 'contactId' in query ? persons.findByContact(query.contactId) : persons.find(query.identifier)
    return person ? viewOf(person) : null
  }

  async preview(workspaceId: number, request: CanonicalRequest): Promise<Preview> {
    const usable = this.rules.usable(workspaceId, request)
    const { persons, separations } = this.#workspace(workspaceId)
    return preview(persons.find, usable, this.rules.reconcileRules(workspaceId, separations))
  }

  async events(workspaceId: number, query: EventQuery): Promise<RecordedEvent[]> {
    return eventsOf(this.#workspace(workspaceId), query)
  }

  async untilEvents(workspaceId: number, after: string | undefined, signal: AbortSignal): Promise<void> {
    const workspace = this.#workspace(workspaceId)
    if (signal.aborted || eventsOf(workspace, { after, limit: 1 }).length > 0) return
    // At once: what happens from here on is told.
    await new Promise<void>((resolve) => {
      const wake = () => {
        workspace.waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      workspace.waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  /** Every contact of a workspace as it would stand in the table, by id. */
  contacts(workspaceId: number): Contact[] {
    return this.#workspace(workspaceId)
      .persons.contacts()
      .sort((a, b) => a.id - b.id)
  }

  /** Writes what one call did, and tells whoever waits for it. */
  #record(workspaceId: number, written: ReadonlyArray<{ event: IdentityEvent; origin: Origin }>, at: Date): void {
    if (written.length === 0) return
    const { log, waiting } = this.#workspace(workspaceId)
    const position = log.length + 1
    log.push(
      written.map(({ event, origin }, index) => ({
        id: eventId({ position, index }),
        at: at.toISOString(),
        ...origin,
        ...event,
      })),
    )
    for (const wake of waiting) wake()
  }

  #corrigible(workspaceId: number): MemoryWorkspace {
    const workspace = this.#workspace(workspaceId)
    const record: MemoryWorkspace['record'] = (events, at, origin) =>
      this.#record(
        workspaceId,
        events.map((event) => ({ event, origin })),
        at,
      )
    return Object.assign(workspace, { events: workspace.log.flat(), record })
  }

  #workspace(workspaceId: number): Workspace {
    const known = this.#workspaces.get(workspaceId)
    if (known) return known
    const fresh = newWorkspace([])
    this.#workspaces.set(workspaceId, fresh)
    return fresh
  }
}

interface Workspace {
  persons: WorkingSet
  bridges: Bridge[]
  separations: KeptSeparation[]
  lastSeparationId: number
  /** What each call that changed something did. */
  readonly log: RecordedEvent[][]
  /** Wakes whoever waits for the next of these. */
  readonly waiting: Set<() => void>
}

/** @throws IdentityError `invalid_request` where no event has the id */
function eventsOf({ log }: Workspace, { after, limit }: EventQuery): RecordedEvent[] {
  const { position, index } = eventCursor(after)
  if (after !== undefined && !log[position - 1]?.[index]) throw notAnEvent(after)
  const rest = position === 0 ? log : [log[position - 1]!.slice(index + 1), ...log.slice(position)]
  return rest.flat().slice(0, limit)
}

function newWorkspace(contacts: readonly Contact[]): Workspace {
  const persons = new WorkingSet(contacts)
  return { persons, bridges: [], separations: [], lastSeparationId: 0, log: [], waiting: new Set() }
}
