import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CanonicalRequest } from '../canonical/request.ts'
import type { Identifier } from '../identifier.ts'
import type { Outcome } from '../reconcile.ts'
import { WorkingSet } from '../working-set.ts'
import type { Client } from './client.ts'
import { isCommitted, type SentTransaction } from './commit-outcome.ts'
import { drawEnough } from './draw-enough.ts'
import type { Pool } from './pool.ts'
import { countAdded, countNewContacts, reconcileAll, type Writes } from './reconcile-batch.ts'
import { isConnectionLost, LocksOutdated, type RetryOptions } from './retry.ts'
import { reconcileRules } from './rules/reconcile-rules.ts'
import type { WorkspaceRules } from './rules/rule-book.ts'
import { sendWrites, writeByRules } from './send-writes.ts'
import { drawStamp } from './statements/draw-stamp.ts'
import { lockRoots } from './statements/lock-roots.ts'
import { readSecondaries } from './statements/read-secondaries.ts'
import { begin, commit, inOneGo } from './transaction.ts'

/** Requests, and whom they are about as far as that is known. */
export interface BulkRequests {
  readonly requests: readonly CanonicalRequest[]
  /** Those of their identifiers that lead to somebody. */
  readonly known: readonly Identifier[]
  /** Whom they lead to. */
  readonly rootIds: readonly number[]
  /** How many contacts the requests add if that is so. */
  readonly newContacts: number
}

/** @param rootIdOf whom an identifier leads to, as far as is known; undefined: to nobody */
export function bulkRequests(
  requests: readonly CanonicalRequest[],
  rootIdOf: (identifier: Identifier) => number | undefined,
): BulkRequests {
  const known: Identifier[] = []
  const rootIds = new Set<number>()
  const isUnknown = (identifier: Identifier) => {
    const rootId = rootIdOf(identifier)
    if (rootId === undefined) return true
    known.push(identifier)
    rootIds.add(rootId)
    return false
  }
  const newContacts = countNewContacts(requests, isUnknown)
  return { requests, known, rootIds: [...rootIds], newContacts }
}

export interface BulkWrite extends BulkRequests {
  readonly workspaceId: number
  /** What the workspace refuses; undefined: nothing. */
  readonly rules: WorkspaceRules | undefined
  /** @throws RulesOutdated where it may refuse something else by now */
  checkRules(): Promise<void>
  /** Called with all persons that the requests touched, as they leave them, when nothing but COMMIT is waited for. */
  onSent(persons: WorkingSet): void
  readonly retry: RetryOptions
}

/**
 * `writeBatch` for thousands of requests that nobody waits for one by one: one read instead of two, one update for all
 * persons that merge, and all of it in parts, so that the database inserts one while the next is reconciled. The persons
 * that are known are locked by their roots, all before the first part. What they do not carry is new; if another
 * transaction claims it meanwhile, the unique violation tells, and the whole is repeated.
 * @throws LocksOutdated where an identifier leads to a person other than was said
 */
export async function bulkWrite(pool: Pool, batch: BulkWrite): Promise<Outcome[]> {
  const { workspaceId, retry } = batch
  let sent: (Omit<SentTransaction, 'writes'> & { parts: readonly WrittenPart[] }) | undefined
  try {
    return await pool.use(async (client) => {
      const locked = await lockAndRead(client, batch)
      const parts = await writeParts(client, batch, locked)
      sent = { ...locked.stamp, workspaceId, parts }
      const statements = [...parts.flatMap((part) => part.statements), commit(client)]
      batch.onSent(locked.persons)
      await inOneGo(statements)
      return outcomesOf(parts)
    })
  } catch (error) {
    if (sent && isConnectionLost(error)) {
      const writes = together(sent.parts.map(({ writes }) => writes))
      if (await isCommitted(pool, { ...sent, writes }, retry)) return outcomesOf(sent.parts)
    }
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
  const needed = rules
    ? countAdded(contacts, requests, rules)
    : countNewContacts(requests, (identifier) => !persons.find(identifier))
  await drawEnough(client, workspaceId, stamp, needed)
  return { persons, stamp, rules }
}

type Locked = Awaited<ReturnType<typeof lockAndRead>>

/** A part of a batch that is on its way. */
interface WrittenPart {
  readonly outcomes: readonly Outcome[]
  readonly writes: Writes
  readonly statements: ReadonlyArray<Promise<unknown> | false>
}

/** As each part is one change, a reader who wants a few events does not get thousands. */
const PART_REQUESTS = 500

async function writeParts(client: Client, batch: BulkWrite, locked: Locked): Promise<WrittenPart[]> {
  const { workspaceId, requests } = batch
  const { persons, stamp, rules } = locked
  const parts: WrittenPart[] = []
  let ids = stamp.ids
  for (let start = 0; start < requests.length; start += PART_REQUESTS) {
    const part = { requests: requests.slice(start, start + PART_REQUESTS), origins: [] }
    const { results, writes } = reconcileAll(persons, part, { ...stamp, ids }, rules)
    ids = ids.slice(writes.added.size)
    if (writes.refusals.length > 0 || writes.suspects.length > 0) {
      // Waited for, and so is what came before: if that has failed, it says why.
      const before = parts.flatMap((sent) => sent.statements)
      await inOneGo([...before, writeByRules(client, workspaceId, writes, stamp.at)])
    }
    const statements = sendWrites(client, workspaceId, persons, writes, stamp.at)
    // Met when all have been sent.
    for (const statement of statements) if (statement) statement.catch(() => {})
    parts.push({ outcomes: results.map(({ outcome }) => outcome), writes, statements })
    // What was sent leaves at the end of a turn.
    await nextTurn()
  }
  return parts
}

function outcomesOf(parts: readonly WrittenPart[]): Outcome[] {
  return parts.flatMap(({ outcomes }) => outcomes)
}

/** What the parts came to, as if they were one. */
function together(parts: readonly Writes[]): SentTransaction['writes'] {
  return {
    added: new Map(parts.flatMap(({ added }) => [...added])),
    changed: new Map(parts.flatMap(({ changed }) => [...changed])),
    refusals: parts.flatMap(({ refusals }) => refusals),
  }
}
