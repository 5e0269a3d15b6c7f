import {
  type Bridge,
  bridgeOf,
  type CanonicalRequest,
  type Contact,
  eventOf,
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
  readonly persons: WorkingSet
  readonly results: Reconciliation[] = []
  readonly events: RecordedEvent[] = []
  readonly bridges: Bridge[] = []
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
    if (event) this.events.push({ id: String(this.events.length + 1), at, actor: null, requestId: null, ...event })
    if (event?.type === 'persons.merged') {
      const bridge = bridgeOf(event, at, `request ${this.results.length}`)
      if (bridge) this.bridges.push(bridge)
    }
    return result
  }

  merges(): Array<RecordedEvent & PersonsMerged> {
    return this.events.filter((event) => event.type === 'persons.merged')
  }

  all(): Person[] {
    const persons = new Set(this.persons.contacts().map(({ id }) => this.persons.findByContact(id)!))
    return [...persons]
  }
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
