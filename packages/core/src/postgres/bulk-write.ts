import type { CanonicalRequest } from '../canonical/request.ts'
import type { WrittenEvent } from '../event.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import type { Outcome } from '../reconcile.ts'
import { unique } from '../unique.ts'
import { WorkingSet } from '../working-set.ts'
import type { Client } from './client.ts'
import { isCommitted, type SentTransaction } from './commit-outcome.ts'
import { drawEnough } from './draw-enough.ts'
import type { Pool } from './pool.ts'
import { countAdded, countNewContacts, reconcileAll, type Writes } from './reconcile-batch.ts'
import { isConnectionLost, LocksOutdated, type RetryOptions } from './retry.ts'
import { reconcileRules } from './rules/reconcile-rules.ts'
import type { WorkspaceRules } from './rules/rule-book.ts'
import { drawStamp } from './statements/draw-stamp.ts'
import { insertBridges } from './statements/insert-bridges.ts'
import { insertChange } from './statements/insert-change.ts'
import { insertContacts } from './statements/insert-contacts.ts'
import { lockPrimaries } from './statements/lock-primaries.ts'
import { readPersonsOfContacts } from './statements/read-persons.ts'
import { relinkContacts } from './statements/relink-contacts.ts'
import { unclaimOfDeleted } from './statements/unclaim-identifiers.ts'
import { begin, commit, inOneGo } from './transaction.ts'
import { writeByRules } from './write-batch.ts'

export interface BulkWrite {
  readonly workspaceId: number
  readonly requests: readonly CanonicalRequest[]
  /** Whom an identifier leads to, as far as is known, by the id of the root; undefined: to nobody. */
  readonly rootIdOf: (identifier: Identifier) => number | undefined
  /** What the workspace refuses; undefined: nothing. */
  readonly rules: WorkspaceRules | undefined
  /** @throws RulesOutdated where it may refuse something else by now */
  checkRules(): Promise<void>
  readonly retry: RetryOptions
}

export interface BulkWritten {
  readonly outcomes: Outcome[]
  /** All persons that the requests touched, as they left them. */
  readonly persons: WorkingSet
}

/**
 * `writeBatch` for thousands of requests that nobody waits for one by one: one read instead of two, and one update for
 * all persons that merge. The persons that are known are locked by their roots. What they do not carry is new; if
 * another transaction claims it meanwhile, the unique violation tells, and the whole is repeated.
 * @throws LocksOutdated when other persons were found than were locked
 */
export async function bulkWrite(pool: Pool, batch: BulkWrite): Promise<BulkWritten> {
  const { workspaceId, requests, retry } = batch
  let sent: (SentTransaction & { written: BulkWritten }) | undefined
  try {
    return await pool.use(async (client) => {
      const { persons, stamp, rules } = await lockAndRead(client, batch)
      const { results, writes } = reconcileAll(persons, { requests, origins: [] }, stamp, rules)
      const written = { outcomes: results.map(({ outcome }) => outcome), persons }
      sent = { ...stamp, workspaceId, writes, written }
      await write(client, workspaceId, persons, writes, stamp.at)
      return written
    })
  } catch (error) {
    if (sent && isConnectionLost(error) && (await isCommitted(pool, sent, retry))) return sent.written
    throw error
  }
}

async function lockAndRead(client: Client, batch: BulkWrite) {
  const { workspaceId, requests, rootIdOf } = batch
  const identifiers = requests.flatMap(identifiersOf)
  const rootIds = unique(identifiers.flatMap((identifier) => rootIdOf(identifier) ?? []))
  // Where a rule may refuse to add a contact, only the persons say how many are added.
  const expected = batch.rules ? 0 : countNewContacts(requests, (identifier) => rootIdOf(identifier) === undefined)
  const [, , contacts, stamp] = await Promise.all([
    begin(client),
    rootIds.length > 0 && lockPrimaries(client, workspaceId, rootIds),
    rootIds.length > 0 ? readPersonsOfContacts(client, workspaceId, rootIds) : [],
    drawStamp(client, workspaceId, expected),
  ])
  const persons = new WorkingSet(contacts)
  const isLocked = new Set(rootIds)
  const found = persons.rootIdsOf(identifiers)
  // A person was merged into one that is not locked. The next attempt finds it where it is now.
  if (!found.every((rootId) => isLocked.has(rootId))) throw new LocksOutdated(found)

  await batch.checkRules()
  const rules = batch.rules && (await reconcileRules(client, workspaceId, batch.rules, persons))
  const needed = rules
    ? countAdded(contacts, requests, rules)
    : countNewContacts(requests, (identifier) => !persons.find(identifier))
  await drawEnough(client, workspaceId, stamp, needed)
  return { persons, stamp, rules }
}

async function write(client: Client, workspaceId: number, persons: WorkingSet, writes: Writes, at: Date) {
  const { claims, events, bridges } = writes
  const added = [...writes.added.values()]
  const changed = [...writes.changed.values()]
  const retired = claims.filter((claim) => persons.isRetired(claim))
  await writeByRules(client, workspaceId, writes, at)
  await inOneGo([
    retired.length > 0 && unclaimOfDeleted(client, workspaceId, retired),
    added.length > 0 && insertContacts(client, workspaceId, added, claims, at),
    changed.length > 0 && relinkContacts(client, workspaceId, changed, at),
    bridges.length > 0 && insertBridges(client, workspaceId, bridges, at),
    ...inChanges(events).map((change) => insertChange(client, workspaceId, change, at)),
    commit(client),
  ])
}

/** So many events a change that a reader who wants a few does not get thousands. */
const EVENTS_A_CHANGE = 500

function inChanges(events: readonly WrittenEvent[]): WrittenEvent[][] {
  return Array.from({ length: Math.ceil(events.length / EVENTS_A_CHANGE) }, (_, n) =>
    events.slice(n * EVENTS_A_CHANGE, (n + 1) * EVENTS_A_CHANGE),
  )
}
