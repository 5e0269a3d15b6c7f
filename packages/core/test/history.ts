import {
  type Bridge,
  bridgeOf,
  type CanonicalRequest,
  type Contact,
  compareAge,
  eventOf,
  type IdentityEvent,
  identifiersOf,
  type Person,
  type PersonsMerged,
  type ReconcileRules,
  type Reconciliation,
  type RecordedEvent,
  WorkingSet,
} from '@identity/core'

/** The day of an order: each is a day after the one before, so that ages differ. */
export function day(n: number): Date {
  return new Date(Date.UTC(2024, 0, n))
}

/** Requests reconciled one a day, with all that a store keeps of them: contacts, bridges and events. */
export class History {
  persons: WorkingSet
  readonly results: Reconciliation[] = []
  readonly events: RecordedEvent[] = []
  bridges: Bridge[] = []
  #lastId = 0

  constructor(requests: readonly CanonicalRequest[] = [], contacts: readonly Contact[] = [], rules?: ReconcileRules) {
    this.persons = new WorkingSet(contacts)
    for (const { id } of contacts) this.#lastId = Math.max(this.#lastId, id)
    for (const request of requests) this.identify(request, rules)
  }

  identify(request: CanonicalRequest, rules?: ReconcileRules): Reconciliation {
    const at = day(this.results.length + 1)
    const result = this.persons.reconcile(request, { at, newId: () => ++this.#lastId }, rules)
    this.results.push(result)
    const event = eventOf(request, result)
    if (event) this.record(event)
    return result
  }

  /** Writes an event, and the bridge that a merge left. */
  record(event: IdentityEvent): void {
    const at = day(this.results.length)
    this.events.push({
      id: String(this.events.length + 1),
      at: at.toISOString(),
      actor: null,
      requestId: null,
      ...event,
    })
    const bridge = event.type === 'persons.merged' ? bridgeOf(event, at, `request ${this.results.length}`) : null
    if (bridge) this.bridges.push(bridge)
  }

  /** Keeps what a division, a deletion or a restoration says. */
  apply({ changed, fallen = [] }: { changed: readonly Contact[]; fallen?: readonly Bridge[] }): void {
    const contacts = new Map(this.persons.contacts().map((contact) => [contact.id, contact]))
    for (const contact of changed) contacts.set(contact.id, contact)
    this.persons = new WorkingSet(contacts.values())
    this.bridges = this.bridges.filter((bridge) => !fallen.includes(bridge))
  }

  /** The person of a contact, be it a deleted one. */
  personOf(contactId: number): Person {
    const contacts = this.persons.contacts().sort(compareAge)
    const contact = contacts.find(({ id }) => id === contactId)!
    const rootId = contact.linkedId ?? contact.id
    const root = contacts.find(({ id }) => id === rootId)!
    return { root, contacts: contacts.filter(({ id, linkedId }) => id === rootId || linkedId === rootId) }
  }

  merges(): Array<RecordedEvent & PersonsMerged> {
    return this.events.filter((event) => event.type === 'persons.merged')
  }

  /** Every person, those whose contacts are all deleted included. */
  all(): Person[] {
    const roots = this.persons.contacts().filter(({ linkedId }) => linkedId === null)
    return roots.map(({ id }) => this.personOf(id))
  }
}

/** What is true of persons whatever was done to them: links, age, and one person for each value that links. */
export function breachesOf(history: History): string[] {
  const owners = new Map<string, number>()
  return history.all().flatMap(({ root, contacts }) => {
    const breaches: string[] = []
    const live = contacts.filter(({ deletedAt }) => deletedAt === null)
    if (root.linkPrecedence !== 'primary') breaches.push(`root ${root.id} is no primary`)
    if (root.deletedAt === null && live[0]!.id !== root.id) breaches.push(`root ${root.id} is not the oldest`)
    for (const { id, linkPrecedence } of contacts) {
      if (id !== root.id && linkPrecedence !== 'secondary') breaches.push(`${id} is no secondary`)
    }
    for (const contact of live) {
      for (const { kind, value } of identifiersOf(contact)) {
        const owner = owners.get(kind + value) ?? root.id
        owners.set(kind + value, owner)
        if (owner !== root.id) breaches.push(`${value} is of ${owner} and ${root.id}`)
      }
    }
    return breaches
  })
}

/** The ids of the contacts of each person or part, in an order of their own: what two ways to part them must agree in. */
export function idsOf(parts: ReadonlyArray<readonly Contact[] | Person>): number[][] {
  return parts
    .map((part) => ('root' in part ? part.contacts : part).map(({ id }) => id).sort((a, b) => a - b))
    .sort((a, b) => a[0]! - b[0]!)
}

/** An oracle: groups that grow until no two of them are joined. Nothing of the core is in it. */
export function grouped<T>(items: readonly T[], areJoined: (a: T, b: T) => boolean): T[][] {
  let groups: T[][] = []
  for (const item of items) {
    const touched = groups.filter((group) => group.some((other) => areJoined(item, other)))
    groups = [...groups.filter((group) => !touched.includes(group)), [...touched.flat(), item]]
  }
  return groups
}

/** An oracle of what joins two contacts directly. */
export function areJoined(a: Contact, b: Contact, bridges: readonly Bridge[]): boolean {
  return (
    (a.email !== null && a.email === b.email) ||
    (a.phoneNumber !== null && a.phoneNumber === b.phoneNumber) ||
    bridges.some((bridge) => [bridge.emailContactId, bridge.phoneContactId].every((id) => id === a.id || id === b.id))
  )
}
