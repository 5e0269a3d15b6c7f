import type { Identifier } from '../identifier.ts'
import { IdentifierMap } from '../identifier-map.ts'
import { viewOf } from '../person.ts'
import type { Reconciliation } from '../reconcile.ts'
import type { IdentifyResult } from '../store.ts'
import { WorkingSet } from '../working-set.ts'
import type { Client } from './client.ts'
import { isCommitted, type SentTransaction } from './commit-outcome.ts'
import { drawEnough } from './draw-enough.ts'
import { inWorkspace } from './isolation.ts'
import type { Pool } from './pool.ts'
import { countAdded, countNewContacts, type RequestBatch, reconcileAll, type Writes } from './reconcile-batch.ts'
import { isConnectionLost, LocksOutdated, type RetryOptions } from './retry.ts'
import { reconcileRules } from './rules/reconcile-rules.ts'
import type { WorkspaceRules } from './rules/rule-book.ts'
import { sendWrites, writeByRules } from './send-writes.ts'
import { drawStamp } from './statements/draw-stamp.ts'
import { lockPrimaries } from './statements/lock-primaries.ts'
import { readPersons } from './statements/read-persons.ts'
import { begin, commit, inOneGo } from './transaction.ts'

export interface WriteBatch extends RequestBatch {
  readonly workspaceId: number
  /** The requests' identifiers that somebody claimed when they were read: they are read again, under lock. */
  readonly known: readonly Identifier[]
  /**
   * Those that nobody carried then. Most of them nobody claimed, and they are not read again, but for limits: should
   * somebody have claimed one meanwhile, the insertion fails with 23505, and the batch starts over.
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
      const { results, writes } = reconcileAll(persons, batch, stamp, rules, resultOf)
      sent = { ...stamp, workspaceId: batch.workspaceId, writes, results }
      await write(client, batch.workspaceId, persons, writes, stamp.at)
      return results
    })
  } catch (error) {
    if (sent && isConnectionLost(error) && (await isCommitted(pool, sent, batch.retry))) return sent.results
    throw error
  }
}

function resultOf({ outcome, person }: Reconciliation): IdentifyResult {
  return { outcome, person: viewOf(person) }
}

async function lockAndRead(client: Client, batch: WriteBatch) {
  const { workspaceId, requests, unclaimed, rootIds } = batch
  // Where a limit may refuse to add a contact, only the persons say how many are added.
  const isLimited = batch.rules !== undefined && hasLimits(batch.rules)
  // What is refused is inserted nowhere, and fails nowhere where somebody has claimed it meanwhile.
  const known = isLimited ? [...batch.known, ...unclaimed] : batch.known
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
  await drawEnough(client, workspaceId, stamp, needed)
  return { persons, stamp, rules }
}

function membership(identifiers: readonly Identifier[]): (identifier: Identifier) => boolean {
  const members = new IdentifierMap<true>()
  for (const identifier of identifiers) members.set(identifier, true)
  return (identifier) => members.has(identifier)
}

function hasLimits({ policy: { limits } }: WorkspaceRules): boolean {
  return limits.email !== null || limits.phone !== null
}

/** Sends every statement and COMMIT in one go. The first that fails makes the rest fail, and nothing is kept. */
async function write(client: Client, workspaceId: number, persons: WorkingSet, writes: Writes, at: Date) {
  await writeByRules(client, workspaceId, writes, at)
  await inOneGo([...sendWrites(client, workspaceId, persons, writes, at), commit(client)])
}
