import { type Bridge, bridgeOf } from '../bridge.ts'
import type { CanonicalRequest } from '../canonical/request.ts'
import type { Contact } from '../contact.ts'
import { eventOf, NO_ORIGIN, type Origin, type WrittenEvent } from '../event.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import { IdentifierMap } from '../identifier-map.ts'
import type { Reconciliation } from '../reconcile.ts'
import type { ReconcileRules } from '../refusal.ts'
import type { MetRefusal } from '../refusal-counts.ts'
import { suspectsOf } from '../suspects.ts'
import { WorkingSet } from '../working-set.ts'
import { LocksOutdated } from './retry.ts'
import type { BatchRules } from './rules/reconcile-rules.ts'
import type { Claim } from './statements/claims.ts'
import type { DrawnStamp } from './statements/draw-stamp.ts'

/** Requests that are reconciled in one transaction. */
export interface RequestBatch {
  readonly requests: readonly CanonicalRequest[]
  /** Who sent each of them; none where no request did. */
  readonly origins: readonly Origin[]
}

/** What the requests of a batch come to, all together. */
export interface Writes {
  readonly added: Map<number, Contact>
  readonly changed: Map<number, Contact>
  readonly claims: Claim[]
  readonly events: WrittenEvent[]
  readonly bridges: Bridge[]
  readonly refusals: MetRefusal[]
  /** Identifiers that have met too many, and are to be blocked for it. */
  readonly suspects: Identifier[]
}

/**
 * Reconciles the requests one by one; each answer is taken in its request's turn, and shows nothing of a later one.
 * @param answer what is kept of each
 * @throws LocksOutdated where the persons are such that more ids are needed than were drawn
 */
export function reconcileAll<Answer>(
  persons: WorkingSet,
  { requests, origins }: RequestBatch,
  { at, ids }: DrawnStamp,
  rules: BatchRules | undefined,
  answer: (reconciliation: Reconciliation) => Answer,
): { results: Answer[]; writes: Writes } {
  const writes: Writes = {
    added: new Map(),
    changed: new Map(),
    claims: [],
    events: [],
    bridges: [],
    refusals: [],
    suspects: [],
  }
  let taken = 0
  const newId = () => {
    const id = ids[taken++]
    if (id === undefined) throw new LocksOutdated([])
    return id
  }
  const stamp = { at, newId }
  const results = requests.map((request, n) => {
    const reconciliation = persons.reconcile(request, stamp, rules)
    const { person, added, claimed, changed } = reconciliation
    if (added) writes.added.set(added.id, added)
    for (const identifier of claimed) writes.claims.push({ ...identifier, contactId: added!.id })
    // A contact that this batch adds and changes is inserted as it ends up.
    for (const contact of changed)
      (writes.added.has(contact.id) ? writes.added : writes.changed).set(contact.id, contact)
    const event = eventOf(request, reconciliation)
    if (reconciliation.refusal) {
      writes.refusals.push({ refusal: reconciliation.refusal, origin: origins[n] ?? NO_ORIGIN })
    }
    if (event) {
      writes.events.push({ event, origin: origins[n] ?? NO_ORIGIN })
      const bridge = event.type === 'persons.merged' ? bridgeOf(event, at) : null
      if (bridge) writes.bridges.push(bridge)
    }
    if (rules && added && rules.suspectThreshold !== null) {
      const suspects = suspectsOf(person, added, rules.suspectThreshold)
      for (const { kind } of suspects) {
        const event = { type: 'identifier.suspected', contactId: added.id, kind } as const
        writes.events.push({ event, origin: origins[n] ?? NO_ORIGIN })
      }
      if (rules.blockSuspects) writes.suspects.push(...suspects)
    }
    return answer(reconciliation)
  })
  return { results, writes }
}

/**
 * A request adds a contact exactly if nobody carries one of its identifiers when its turn comes (rules R2 and R4).
 * Known beforehand, so that no id is drawn in vain.
 */
export function countNewContacts(
  requests: readonly CanonicalRequest[],
  isUnknown: (identifier: Identifier) => boolean,
): number {
  const claimed = new IdentifierMap<true>()
  let count = 0
  for (const request of requests) {
    let isNew = false
    for (const identifier of identifiersOf(request)) {
      if (claimed.has(identifier) || !isUnknown(identifier)) continue
      claimed.set(identifier, true)
      isNew = true
    }
    if (isNew) count++
  }
  return count
}

/** How many contacts the requests add, by doing as if. */
export function countAdded(
  contacts: readonly Contact[],
  requests: readonly CanonicalRequest[],
  rules: ReconcileRules,
): number {
  const persons = new WorkingSet(contacts)
  const at = new Date()
  let count = 0
  for (const request of requests) persons.reconcile(request, { at, newId: () => -++count }, rules)
  return count
}
