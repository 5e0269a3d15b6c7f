import type { CanonicalRequest } from '../canonical/request.ts'
import { identifiersOf } from '../identifier.ts'
import { IdentifierMap } from '../identifier-map.ts'
import type { Outcome } from '../reconcile.ts'
import type { WorkingSet } from '../working-set.ts'
import { type BulkWrite, bulkWrite } from './bulk-write.ts'
import type { Pool } from './pool.ts'
import { codeOf, type RetryEvent, withRetry } from './retry.ts'
import { RuleBook, stillInForce } from './rules/rule-book.ts'
import { usableOf } from './rules/screen.ts'
import { type Carrier, readCarriers } from './statements/read-carriers.ts'

export interface BulkIdentifyOptions {
  readonly workspaceId: number
  /** How long a database that is away is waited for, milliseconds, before the import gives up with `unavailable`. */
  readonly patienceMs: number
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
}

/** How many requests had each outcome. */
export type OutcomeCounts = Record<Outcome, number>

const UNIQUE_VIOLATION = '23505'

/**
 * Reconciles chunks of requests one after another, each chunk in one transaction; the result is that of all requests
 * one at a time. While a chunk is written, the next one is looked up already, and what would change nothing is left
 * out of its transaction: persons only grow, so that what tells nothing new now tells nothing new in its turn either.
 * Yields what became of each chunk, once that is committed. Needs a pool of two connections.
 * @throws IdentityError `unavailable` after `patienceMs`. All chunks that were yielded are kept; to repeat is safe.
 */
export async function* bulkIdentify(
  pool: Pool,
  chunks: AsyncIterable<readonly CanonicalRequest[]>,
  options: BulkIdentifyOptions,
): AsyncGenerator<OutcomeCounts> {
  let writing: Promise<Written> | undefined
  const work = { pool, rules: new RuleBook(pool, { timeoutMs: options.patienceMs }), options }
  let before: Chunk = { size: 0, blocked: 0, changing: [], carriers: new IdentifierMap() }
  for await (const requests of chunks) {
    // Both at once; a failure of either must not go unheard while the other is awaited.
    const [written, chunk] = await Promise.all([writing, lookUp(work, requests)])
    if (written) yield count(written.outcomes, before)
    writing = writeInTurn(work, chunk.changing, rootsNow(chunk.carriers, written?.persons))
    writing.catch(() => {})
    before = chunk
  }
  if (writing) yield count((await writing).outcomes, before)
}

interface Work {
  readonly pool: Pool
  readonly rules: RuleBook
  readonly options: BulkIdentifyOptions
}

interface Chunk {
  readonly size: number
  /** Requests of which the workspace blocks all. */
  readonly blocked: number
  /** The requests of which the database does not know already that they change nothing. */
  readonly changing: readonly CanonicalRequest[]
  /** Whom their identifiers led to when the chunk was looked up. */
  readonly carriers: IdentifierMap<Carrier>
}

interface Written {
  readonly outcomes: readonly Outcome[]
  /** Those who were touched, as they are now, where all was written at once. */
  readonly persons?: WorkingSet
}

/** Whom an identifier leads to, by the id of the root. */
type RootIdOf = BulkWrite['rootIdOf']

async function lookUp({ pool, rules, options }: Work, requests: readonly CanonicalRequest[]): Promise<Chunk> {
  const inForce = await rules.of(options.workspaceId)
  const usable = requests.flatMap((request) => usableOf(request, inForce) ?? [])
  const identifiers = usable.flatMap(identifiersOf)
  const carriers = await withRetry(
    () => pool.use((client) => readCarriers(client, options.workspaceId, identifiers)),
    retryOptions(options),
  )
  const changing = usable.filter((request) => {
    const [first, ...others] = identifiersOf(request).map((identifier) => carriers.get(identifier))
    return !first?.isLive || others.some((other) => !other?.isLive || other.rootId !== first.rootId)
  })
  return { size: requests.length, blocked: requests.length - usable.length, changing, carriers }
}

/**
 * A chunk was looked up while the one before it was being written, which may have added to persons and merged them. It
 * had all of them whole, so that every identifier of theirs is found there.
 */
function rootsNow(carriers: IdentifierMap<Carrier>, before?: WorkingSet): RootIdOf {
  return (identifier) => before?.find(identifier)?.root.id ?? carriers.get(identifier)?.rootId
}

/** Many requests meet many other writers. Those who lose race after race go on as two halves, each of which meets fewer. */
async function writeInTurn(
  work: Work,
  requests: readonly CanonicalRequest[],
  knownRootIdOf?: RootIdOf,
): Promise<Written> {
  if (requests.length === 0) return { outcomes: [] }
  const { pool, rules, options } = work
  const { workspaceId } = options
  const retry = retryOptions(options)
  let rootIdOf = knownRootIdOf
  try {
    return await withRetry(async () => {
      // Whatever went wrong before, somebody may carry by now what nobody did.
      rootIdOf ??= rootsNow((await lookUp(work, requests)).carriers)
      const known = rootIdOf
      rootIdOf = undefined
      const inForce = await rules.of(workspaceId)
      // A value may have been blocked since it was looked up.
      const usable = requests.flatMap((request) => usableOf(request, inForce) ?? [])
      const checkRules = () => stillInForce(rules, workspaceId, inForce)
      const batch = { workspaceId, requests: usable, rootIdOf: known, rules: inForce, checkRules, retry }
      const { outcomes, persons } = await bulkWrite(pool, batch)
      return { outcomes: [...outcomes, ...Array<Outcome>(requests.length - usable.length).fill('refused')], persons }
    }, retry)
  } catch (error) {
    if (codeOf(error) !== UNIQUE_VIOLATION || requests.length === 1) throw error
    const half = requests.length >> 1
    const first = await writeInTurn(work, requests.slice(0, half))
    const second = await writeInTurn(work, requests.slice(half))
    return { outcomes: [...first.outcomes, ...second.outcomes] }
  }
}

function retryOptions({ patienceMs, onRetry }: BulkIdentifyOptions) {
  return { deadlineMs: Date.now() + patienceMs, onRetry }
}

/** What is not among the outcomes was left out: it exists already, or is blocked. */
function count(outcomes: readonly Outcome[], { size, blocked }: Chunk): OutcomeCounts {
  const existing = size - blocked - outcomes.length
  const counts = { created: 0, linked: 0, merged: 0, refused: blocked, existing }
  for (const outcome of outcomes) counts[outcome]++
  return counts
}
