import type { CanonicalRequest } from '../canonical/request.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import { IdentifierMap } from '../identifier-map.ts'
import type { Outcome } from '../reconcile.ts'
import { bulkWrite } from './bulk-write.ts'
import type { Pool } from './pool.ts'
import { codeOf, type RetryEvent, withRetry } from './retry.ts'
import { RuleBook, stillInForce } from './rules/rule-book.ts'
import { usableOf } from './rules/screen.ts'
import { readCarriers } from './statements/read-carriers.ts'

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
  let written: Promise<Outcome[]> | undefined
  const work = { pool, rules: new RuleBook(pool, { timeoutMs: options.patienceMs }), options }
  let before: Chunk = { size: 0, blocked: 0, changing: [], isKnown: () => false }
  for await (const requests of chunks) {
    // Both at once; a failure of either must not go unheard while the other is awaited.
    const [outcomes, chunk] = await Promise.all([written, lookUp(work, requests)])
    if (outcomes) yield count(outcomes, before)
    written = writeNext(work, before, chunk)
    written.catch(() => {})
    before = chunk
  }
  if (written) yield count(await written, before)
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
  /** Whether somebody carried the identifier when the chunk was looked up. */
  readonly isKnown: (identifier: Identifier) => boolean
}

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
    return first === undefined || others.some((rootId) => rootId !== first)
  })
  const isKnown = (identifier: Identifier) => carriers.get(identifier) !== undefined
  return { size: requests.length, blocked: requests.length - usable.length, changing, isKnown }
}

/** Writes a chunk that was looked up when the one before it was being written: what that one told is looked for, too. */
async function writeNext(work: Work, before: Chunk, chunk: Chunk): Promise<Outcome[]> {
  if (chunk.changing.length === 0) return []
  const told = new IdentifierMap<true>()
  for (const identifier of before.changing.flatMap(identifiersOf)) told.set(identifier, true)
  const lookedUp = chunk.changing
    .flatMap(identifiersOf)
    .filter((identifier) => chunk.isKnown(identifier) || told.has(identifier))
  return writeInTurn(work, chunk.changing, lookedUp)
}

/** Many requests meet many other writers. Those who lose race after race go on as two halves, each of which meets fewer. */
async function writeInTurn(
  work: Work,
  requests: readonly CanonicalRequest[],
  firstLookedUp: readonly Identifier[],
): Promise<Outcome[]> {
  const { pool, rules, options } = work
  const { workspaceId } = options
  const retry = retryOptions(options)
  let lookedUp = firstLookedUp
  try {
    return await withRetry(async () => {
      const inForce = await rules.of(workspaceId)
      // A value may have been blocked since it was looked up.
      const usable = requests.flatMap((request) => usableOf(request, inForce) ?? [])
      const checkRules = () => stillInForce(rules, workspaceId, inForce)
      const attempt = bulkWrite(pool, { workspaceId, requests: usable, lookedUp, rules: inForce, checkRules, retry })
      // Whatever went wrong, somebody may carry by now what nobody did.
      lookedUp = requests.flatMap(identifiersOf)
      const outcomes = await attempt
      return [...outcomes, ...Array<Outcome>(requests.length - usable.length).fill('refused')]
    }, retry)
  } catch (error) {
    if (codeOf(error) !== UNIQUE_VIOLATION || requests.length === 1) throw error
    const half = requests.length >> 1
    const [first, second] = [requests.slice(0, half), requests.slice(half)]
    const outcomes = await writeInTurn(work, first, first.flatMap(identifiersOf))
    return [...outcomes, ...(await writeInTurn(work, second, second.flatMap(identifiersOf)))]
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
