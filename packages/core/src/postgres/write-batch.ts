import type { CanonicalRequest } from '../canonical/request.ts'
import type { Contact } from '../contact.ts'
import { eventOf, type IdentityEvent, NO_ORIGIN, type Origin, type WrittenEvent } from '../event.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import { IdentifierMap } from '../identifier-map.ts'
import { viewOf } from '../person.ts'
import type { ReconcileRules } from '../refusal.ts'
import { type MetRefusal, refusalEvents, tally } from '../refusal-counts.ts'
import type { IdentifyResult } from '../store.ts'
import { suspectsOf } from '../suspects.ts'
import { WorkingSet } from '../working-set.ts'
import type { Client } from './client.ts'
import { isCommitted, type SentTransaction } from './commit-outcome.ts'
import { inWorkspace } from './isolation.ts'
import type { Pool } from './pool.ts'
import { isConnectionLost, LocksOutdated, type RetryOptions } from './retry.ts'
import { blockSuspects } from './rules/block-rules.ts'
import { type BatchRules, reconcileRules } from './rules/reconcile-rules.ts'
import type { WorkspaceRules } from './rules/rule-book.ts'
import { catchUpSequence } from './statements/catch-up-sequence.ts'
import { countRefusals } from './statements/count-refusals.ts'
import { type DrawnStamp, drawStamp } from './statements/draw-stamp.ts'
import { type Bridge, insertBridges } from './statements/insert-bridges.ts'
import { insertChange } from './statements/insert-change.ts'
import { insertContacts } from './statements/insert-contacts.ts'
import { type Claim, insertIdentifiers } from './statements/insert-identifiers.ts'
import { lockPrimaries } from './statements/lock-primaries.ts'
import { readPersons } from './statements/read-persons.ts'
import { releaseIdentifiers } from './statements/release-identifiers.ts'
import { begin, commit, inOneGo } from './transaction.ts'
import { writeChanges } from './write-changes.ts'

export interface WriteBatch {
  readonly workspaceId: number
  readonly requests: readonly CanonicalRequest[]
  /** Who sent each of them. */
  readonly origins: readonly Origin[]
  /** The requests' identifiers that had a row when they were read: they are read again, under lock. */
  readonly known: readonly Identifier[]
  /**
   * Those that nobody carried then. Most of them had no row, and are not read again: should somebody have made one
   * meanwhile, the insertion fails with 23505, and the batch starts over.
   */
  readonly unclaimed: readonly Identifier[]
  /** The roots of the persons that carried the known ones then. */
  readonly rootIds: readonly number[]
  /** What the workspace refuses; undefined: nothing. */
  readonly rules: WorkspaceRules | undefined
  /** @throws RulesOutdated where it may refuse something else by now; asked under the locks, before anything is written */
  checkRules(): Promise<void>
  readonly retry: RetryOptions
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
 * One transaction in two round trips: lock the persons, read them again, reconcile the requests one by one in memory,
 * write. Each answer is taken in its request's turn, so that it never shows what a later request did (promise G1).
 * @throws LocksOutdated when other persons were found than were locked
 */
export async function writeBatch(pool: Pool, batch: WriteBatch): Promise<IdentifyResult[]> {
  let sent: (SentTransaction & { results: IdentifyResult[] }) | undefined
  try {
    return await inWorkspace(pool, batch.workspaceId, async (client) => {
      const { persons, stamp, rules } = await lockAndRead(client, batch)
      const { results, writes } = reconcileAll(persons, batch, stamp, rules)
      sent = { ...stamp, workspaceId: batch.workspaceId, writes, results }
      await write(client, batch.workspaceId, persons, writes, stamp.at)
      return results
    })
  } catch (error) {
    if (sent && isConnectionLost(error) && (await isCommitted(pool, sent, batch.retry))) return sent.results
    throw error
  }
}

async function lockAndRead(client: Client, batch: WriteBatch) {
  const { workspaceId, requests, known, unclaimed, rootIds } = batch
  // Where a limit may refuse to add a contact, only the persons say how many are added.
  const isLimited = batch.rules !== undefined && hasLimits(batch.rules)
  const expected = isLimited ? 0 : countNewContacts(requests, membership(unclaimed))
  const [, , contacts, stamp] = await Promise.all([
    begin(client),
    rootIds.length > 0 && lockPrimaries(client, workspaceId, rootIds),
    known.length > 0 ? readPersons(client, workspaceId, known) : [],
    drawStamp(client, workspaceId, expected),
  ])
  const persons = new WorkingSet(contacts)
  const found = persons.rootIdsOf(known)
  if (!found.every((rootId) => rootIds.includes(rootId))) throw new LocksOutdated(found)

  await batch.checkRules()
  const rules = batch.rules && (await reconcileRules(client, workspaceId, batch.rules, persons))
  const needed = isLimited
    ? countAdded(contacts, requests, rules!)
    : countNewContacts(requests, (identifier) => !persons.find(identifier))
  if (stamp.ids.length < needed) stamp.ids = (await drawStamp(client, workspaceId, needed)).ids
  if (needed > 0 && isBehind(stamp.ids, stamp.highestId)) {
    await catchUpSequence(client, stamp.highestId)
    stamp.ids = (await drawStamp(client, workspaceId, needed)).ids
  }
  return { persons, stamp, rules }
}

function membership(identifiers: readonly Identifier[]): (identifier: Identifier) => boolean {
  const members = new IdentifierMap<true>()
  for (const identifier of identifiers) members.set(identifier, true)
  return (identifier) => members.has(identifier)
}

/** On a distributed PostgreSQL each node draws ids from a range of its own, of this size; only one's own counts. */
const NODE_RANGE = 2 ** 48

/** True when rows were put in by hand with ids that the sequence has not come to. */
export function isBehind([firstId]: readonly number[], highestId: number): boolean {
  if (firstId === undefined || firstId > highestId) return false
  return Math.floor(firstId / NODE_RANGE) === Math.floor(highestId / NODE_RANGE)
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

function hasLimits({ policy: { limits } }: WorkspaceRules): boolean {
  return limits.email !== null || limits.phone !== null
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

export function reconcileAll(
  persons: WorkingSet,
  { requests, origins }: Pick<WriteBatch, 'requests' | 'origins'>,
  { at, ids }: DrawnStamp,
  rules?: BatchRules,
) {
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
  const stamp = { at, newId: () => ids[taken++]! }
  const results = requests.map((request, n): IdentifyResult => {
    const reconciliation = persons.reconcile(request, stamp, rules)
    const { outcome, person, added, claimed, changed } = reconciliation
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
      const bridge = bridgeOf(event)
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
    return { outcome, person: viewOf(person) }
  })
  return { results, writes }
}

/** What a merge that leaves no contact leaves instead. */
function bridgeOf(event: IdentityEvent): Bridge | null {
  if (event.type !== 'persons.merged' || event.contactId !== null) return null
  const { email, phone } = event.by
  return email === null || phone === null ? null : { emailContactId: email, phoneContactId: phone }
}

/** Counts what was refused; which of it is told as events, only the counts say. */
async function writeRefusals(client: Client, workspaceId: number, writes: Writes, at: Date): Promise<void> {
  const tallied = tally(writes.refusals)
  const totals = await countRefusals(client, workspaceId, tallied, at)
  writes.events.push(...refusalEvents(writes.refusals, tallied, totals))
}

/** Writes what only rules bring, where they did: none of it in workspaces without. */
export async function writeByRules(client: Client, workspaceId: number, writes: Writes, at: Date): Promise<void> {
  if (writes.refusals.length > 0) await writeRefusals(client, workspaceId, writes, at)
  if (writes.suspects.length > 0) await blockSuspects(client, workspaceId, writes.suspects, NO_ORIGIN)
}

/** Sends every statement and COMMIT in one go. The first that fails makes the rest fail, and nothing is kept. */
async function write(client: Client, workspaceId: number, persons: WorkingSet, writes: Writes, at: Date) {
  const { claims, events, bridges } = writes
  const added = [...writes.added.values()]
  const retired = claims.filter((claim) => persons.isRetired(claim))
  await writeByRules(client, workspaceId, writes, at)
  await inOneGo([
    retired.length > 0 && releaseIdentifiers(client, workspaceId, retired),
    added.length > 0 && insertContacts(client, workspaceId, added, at),
    claims.length > 0 && insertIdentifiers(client, workspaceId, claims),
    writeChanges(client, workspaceId, writes.changed.values(), at),
    bridges.length > 0 && insertBridges(client, workspaceId, bridges, at),
    events.length > 0 && insertChange(client, workspaceId, events, at),
    commit(client),
  ])
}
