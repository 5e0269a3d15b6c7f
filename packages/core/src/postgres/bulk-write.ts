import type { CanonicalRequest } from '../canonical/request.ts'
import type { WrittenEvent } from '../event.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import type { Outcome } from '../reconcile.ts'
import type { ReconcileRules } from '../refusal.ts'
import { WorkingSet } from '../working-set.ts'
import type { Client } from './client.ts'
import { isCommitted, type SentTransaction } from './commit-outcome.ts'
import type { Pool } from './pool.ts'
import { countAdded, countNewContacts, reconcileAll, type Writes } from './reconcile-batch.ts'
import { isConnectionLost, LocksOutdated, type RetryOptions } from './retry.ts'
import { reconcileRules } from './rules/reconcile-rules.ts'
import type { WorkspaceRules } from './rules/rule-book.ts'
import { isBehind } from './sequence.ts'
import { catchUpSequence } from './statements/catch-up-sequence.ts'
import { type DrawnStamp, drawStamp } from './statements/draw-stamp.ts'
import { insertBridges } from './statements/insert-bridges.ts'
import { insertChange } from './statements/insert-change.ts'
import { insertContacts } from './statements/insert-contacts.ts'
import { insertIdentifiers } from './statements/insert-identifiers.ts'
import { lockPersons } from './statements/lock-persons.ts'
import { pointManyContacts } from './statements/point-many-contacts.ts'
import { readPersonsOfContacts } from './statements/read-persons.ts'
import { releaseIdentifiers } from './statements/release-identifiers.ts'
import { touchContacts } from './statements/touch-contacts.ts'
import { begin, commit, inOneGo } from './transaction.ts'
import { writeByRules } from './write-batch.ts'

export interface BulkWrite {
  readonly workspaceId: number
  readonly requests: readonly CanonicalRequest[]
  /** The identifiers to look for: those of the requests, without any that nobody is thought to carry. */
  readonly lookedUp: readonly Identifier[]
  /** What the workspace refuses; undefined: nothing. */
  readonly rules: WorkspaceRules | undefined
  /** @throws RulesOutdated where it may refuse something else by now */
  checkRules(): Promise<void>
  readonly retry: RetryOptions
}

/**
 * `writeBatch` for thousands of requests that nobody waits for one by one: one read instead of two, and one update for
 * all persons that merge. What it does not find is new; if another transaction claims it meanwhile, the unique
 * violation tells, and the whole is repeated.
 */
export async function bulkWrite(pool: Pool, batch: BulkWrite): Promise<Outcome[]> {
  const { workspaceId, requests, lookedUp, retry } = batch
  let sent: (SentTransaction & { outcomes: Outcome[] }) | undefined
  try {
    return await pool.use(async (client) => {
      const persons = await lockAndRead(client, workspaceId, requests, lookedUp)
      await batch.checkRules()
      const rules = batch.rules && (await reconcileRules(client, workspaceId, batch.rules, persons))
      const stamp = await draw(client, workspaceId, requests, persons, rules)
      const { results, writes } = reconcileAll(persons, { requests, origins: [] }, stamp, rules)
      const outcomes = results.map(({ outcome }) => outcome)
      sent = { ...stamp, workspaceId, writes, outcomes }
      await write(client, workspaceId, persons, writes, stamp.at)
      return outcomes
    })
  } catch (error) {
    if (sent && isConnectionLost(error) && (await isCommitted(pool, sent, retry))) return sent.outcomes
    throw error
  }
}

async function lockAndRead(
  client: Client,
  workspaceId: number,
  requests: readonly CanonicalRequest[],
  identifiers: readonly Identifier[],
) {
  const [, locked] = await Promise.all([begin(client), lockPersons(client, workspaceId, identifiers)])
  const persons = new WorkingSet(await readPersonsOfContacts(client, workspaceId, locked))
  const isLocked = new Set(locked)
  const found = persons.rootIdsOf(requests.flatMap(identifiersOf))
  // A person was merged into one that is not locked. The next attempt finds it where it is now.
  if (!found.every((rootId) => isLocked.has(rootId))) throw new LocksOutdated(found)
  return persons
}

/** Draws the time and exactly the ids that are needed, which follow the highest one (rule R5). */
async function draw(
  client: Client,
  workspaceId: number,
  requests: readonly CanonicalRequest[],
  persons: WorkingSet,
  rules: ReconcileRules | undefined,
): Promise<DrawnStamp> {
  const needed = rules
    ? countAdded(persons.contacts(), requests, rules)
    : countNewContacts(requests, (identifier) => !persons.find(identifier))
  const stamp = await drawStamp(client, workspaceId, needed)
  if (needed === 0 || !isBehind(stamp.ids, stamp.highestId)) return stamp
  await catchUpSequence(client, stamp.highestId)
  return { ...stamp, ids: (await drawStamp(client, workspaceId, needed)).ids }
}

async function write(client: Client, workspaceId: number, persons: WorkingSet, writes: Writes, at: Date) {
  const { claims, events, bridges } = writes
  const added = [...writes.added.values()]
  const changed = [...writes.changed.values()]
  const moved = changed.filter((contact) => contact.linkedId !== null)
  const touched = changed.filter((contact) => contact.linkedId === null).map((contact) => contact.id)
  const retired = claims.filter((claim) => persons.isRetired(claim))
  await writeByRules(client, workspaceId, writes, at)
  await inOneGo([
    retired.length > 0 && releaseIdentifiers(client, workspaceId, retired),
    added.length > 0 && insertContacts(client, workspaceId, added, at),
    claims.length > 0 && insertIdentifiers(client, workspaceId, claims),
    touched.length > 0 && touchContacts(client, workspaceId, touched, at),
    moved.length > 0 && pointManyContacts(client, workspaceId, moved, at),
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
