import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Contact } from '../contact.ts'
import type { Outcome, Reconciliation } from '../reconcile.ts'
import { WorkingSet } from '../working-set.ts'
import type { ChangingRequests } from './changing-requests.ts'
import type { Client } from './client.ts'
import { isCommitted, type SentTransaction } from './commit-outcome.ts'
import { drawEnough } from './draw-enough.ts'
import type { Pool } from './pool.ts'
import { countAdded, reconcileAll, type Writes } from './reconcile-batch.ts'
import { isConnectionLost, LocksOutdated, type RetryOptions } from './retry.ts'
import { reconcileRules } from './rules/reconcile-rules.ts'
import type { WorkspaceRules } from './rules/rule-book.ts'
import { sendWrites, writeByRules } from './send-writes.ts'
import { drawStamp } from './statements/draw-stamp.ts'
import { lockRoots } from './statements/lock-roots.ts'
import { readSecondaries } from './statements/read-secondaries.ts'
import { begin, commit, inOneGo } from './transaction.ts'

/** What became of one request. */
export interface BulkResult {
  readonly outcome: Outcome
  /** The root of its person, when its turn came. */
  readonly rootId: number
}

/** What the requests come to when all of them are on their way. */
export interface BulkSent {
  readonly persons: WorkingSet
  /** In the order of the requests. */
  readonly results: readonly BulkResult[]
  /** Contacts that were there, as they have been changed. */
  readonly changed: readonly Contact[]
}

export interface BulkWrite extends ChangingRequests {
  readonly workspaceId: number
  /** What the workspace refuses; undefined: nothing. */
  readonly rules: WorkspaceRules | undefined
  /** @throws RulesOutdated where it may refuse something else by now */
  checkRules(): Promise<void>
  /** Called when nothing but COMMIT is waited for. */
  onSent(sent: BulkSent): void
  readonly retry: RetryOptions
}

/**
 * `writeBatch` for thousands of requests that nobody waits for one by one: one read instead of two, one update for all
 * persons that merge, and all of it in parts, so that the database inserts one while the next is reconciled. The persons
 * that are known are locked by their roots, all before the first part. What they do not carry is new; if another
 * transaction claims it meanwhile, the unique violation tells, and the whole is repeated.
 * @throws LocksOutdated where an identifier leads to a person other than was said, or is nobody's
 */
export async function bulkWrite(pool: Pool, batch: BulkWrite): Promise<BulkResult[]> {
  const { workspaceId, retry } = batch
  let sent: (SentTransaction & { results: BulkResult[] }) | undefined
  try {
    return await pool.use(async (client) => {
      const locked = await lockAndRead(client, batch)
      const { persons, stamp } = locked
      const parts = await writeParts(client, batch, locked)
      const results = parts.flatMap((part) => part.results)
      const writes = together(parts.map((part) => part.writes))
      const { changed, bridges } = writes
      sent = { ...stamp, workspaceId, writes, results }
      const statements = [
        ...parts.flatMap((part) => part.statements),
        // Of all parts at once: an update of contacts costs much before it has changed one.
        ...sendWrites(client, workspaceId, persons, { ...NOTHING, changed, bridges }, stamp.at),
        commit(client),
      ]
      batch.onSent({ persons, results, changed: [...changed.values()] })
      await inOneGo(statements)
      return results
    })
  } catch (error) {
    if (sent && isConnectionLost(error) && (await isCommitted(pool, sent, retry))) return sent.results
    throw error
  }
}

async function lockAndRead(client: Client, batch: BulkWrite) {
  const { workspaceId, requests, known, rootIds } = batch
  const [, roots, secondaries, stamp] = await Promise.all([
    begin(client),
    rootIds.length > 0 ? lockRoots(client, workspaceId, rootIds) : [],
    rootIds.length > 0 ? readSecondaries(client, workspaceId, rootIds) : [],
    // Where a rule may refuse to add a contact, only the persons say how many are added.
    drawStamp(client, workspaceId, batch.rules ? 0 : batch.newContacts),
  ])
  // A person was merged into one that may not be locked. The next attempt finds it where it is now.
  if (roots.some(({ linkedId }) => linkedId !== null)) throw new LocksOutdated(rootIds)
  const contacts = [...roots, ...secondaries]
  const persons = new WorkingSet(contacts)
  // What a person has lost since then may be refused as new. Where nothing is refused, the unique index tells.
  if (batch.rules && !known.every((identifier) => persons.knows(identifier))) throw new LocksOutdated(rootIds)

  await batch.checkRules()
  const rules = batch.rules && (await reconcileRules(client, workspaceId, batch.rules, persons))
  const needed = rules ? countAdded(contacts, requests, rules) : batch.newContacts
  await drawEnough(client, workspaceId, stamp, needed)
  return { persons, stamp, rules }
}

type Locked = Awaited<ReturnType<typeof lockAndRead>>

/** A part of a batch that is on its way. */
interface WrittenPart {
  readonly results: readonly BulkResult[]
  readonly writes: Writes
  readonly statements: ReadonlyArray<Promise<unknown> | false>
}

const NO_MERGES: Pick<Writes, 'changed' | 'bridges'> = { changed: new Map(), bridges: [] }
const NOTHING: Writes = { ...NO_MERGES, added: new Map(), claims: [], events: [], refusals: [], suspects: [] }

/** As each part is one change, a reader who wants a few events does not get thousands. */
const PART_REQUESTS = 500

async function writeParts(client: Client, batch: BulkWrite, locked: Locked): Promise<WrittenPart[]> {
  const { workspaceId, requests } = batch
  const { persons, stamp, rules } = locked
  const parts: WrittenPart[] = []
  let ids = stamp.ids
  for (let start = 0; start < requests.length; start += PART_REQUESTS) {
    const part = { requests: requests.slice(start, start + PART_REQUESTS), origins: [] }
    const { results, writes } = reconcileAll(persons, part, { ...stamp, ids }, rules, resultOf)
    ids = ids.slice(writes.added.size)
    if (writes.refusals.length > 0 || writes.suspects.length > 0) {
      // Waited for, and so is what came before: if that has failed, it says why.
      const before = parts.flatMap((sent) => sent.statements)
      await inOneGo([...before, writeByRules(client, workspaceId, writes, stamp.at)])
    }
    const statements = sendWrites(client, workspaceId, persons, { ...writes, ...NO_MERGES }, stamp.at)
    // Met when all have been sent.
    for (const statement of statements) if (statement) statement.catch(() => {})
    parts.push({ results, writes, statements })
    // What was sent leaves at the end of a turn.
    await nextTurn()
  }
  return parts
}

function resultOf({ outcome, person }: Reconciliation): BulkResult {
  return { outcome, rootId: person.root.id }
}

/** What the parts came to, as if they were one. */
function together(parts: readonly Writes[]) {
  return {
    added: new Map(parts.flatMap(({ added }) => [...added])),
    changed: new Map(parts.flatMap(({ changed }) => [...changed])),
    bridges: parts.flatMap(({ bridges }) => bridges),
    refusals: parts.flatMap(({ refusals }) => refusals),
  }
}
