import type { CanonicalRequest } from '../canonical/request.ts'
import { type Identifier, identifiersOf } from '../identifier.ts'
import { IdentifierMap } from '../identifier-map.ts'
import type { Outcome } from '../reconcile.ts'
import { bulkWrite } from './bulk-write.ts'
import type { Pool } from './pool.ts'
import { codeOf, type RetryEvent, withRetry } from './retry.ts'
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
  let before: Chunk = { size: 0, changing: [], isKnown: () => false }
  for await (const requests of chunks) {
    // Both at once; a failure of either must not go unheard while the other is awaited.
    const [outcomes, chunk] = await Promise.all([written, lookUp(pool, requests, options)])
    if (outcomes) yield count(outcomes, before.size)
    written = writeNext(pool, before, chunk, options)
    written.catch(() => {})
    before = chunk
  }
  if (written) yield count(await written, before.size)
}

interface Chunk {
  readonly size: number
  /** The requests of which the database does not know already that they change nothing. */
  readonly changing: readonly CanonicalRequest[]
  /** Whether somebody carried the identifier when the chunk was looked up. */
  readonly isKnown: (identifier: Identifier) => boolean
}

async function lookUp(pool: Pool, requests: readonly CanonicalRequest[], options: BulkIdentifyOptions): Promise<Chunk> {
  const identifiers = requests.flatMap(identifiersOf)
  const carriers = await withRetry(
    () => pool.use((client) => readCarriers(client, options.workspaceId, identifiers)),
    retryOptions(options),
  )
  const changing = requests.filter((request) => {
    const [first, ...others] = identifiersOf(request).map((identifier) => carriers.get(identifier))
    return first === undefined || others.some((rootId) => rootId !== first)
  })
  return { size: requests.length, changing, isKnown: (identifier) => carriers.get(identifier) !== undefined }
}

/** Writes a chunk that was looked up when the one before it was being written: what that one told is looked for, too. */
async function writeNext(pool: Pool, before: Chunk, chunk: Chunk, options: BulkIdentifyOptions): Promise<Outcome[]> {
  if (chunk.changing.length === 0) return []
  const told = new IdentifierMap<true>()
  for (const identifier of before.changing.flatMap(identifiersOf)) told.set(identifier, true)
  const lookedUp = chunk.changing
    .flatMap(identifiersOf)
    .filter((identifier) => chunk.isKnown(identifier) || told.has(identifier))
  return writeInTurn(pool, chunk.changing, lookedUp, options)
}

/** Many requests meet many other writers. Those who lose race after race go on as two halves, each of which meets fewer. */
async function writeInTurn(
  pool: Pool,
  requests: readonly CanonicalRequest[],
  firstLookedUp: readonly Identifier[],
  options: BulkIdentifyOptions,
): Promise<Outcome[]> {
  const { workspaceId } = options
  const retry = retryOptions(options)
  let lookedUp = firstLookedUp
  try {
    return await withRetry(() => {
      const attempt = bulkWrite(pool, { workspaceId, requests, lookedUp, retry })
      // Whatever went wrong, somebody may carry by now what nobody did.
      lookedUp = requests.flatMap(identifiersOf)
      return attempt
    }, retry)
  } catch (error) {
    if (codeOf(error) !== UNIQUE_VIOLATION || requests.length === 1) throw error
    const half = requests.length >> 1
    const [first, second] = [requests.slice(0, half), requests.slice(half)]
    const outcomes = await writeInTurn(pool, first, first.flatMap(identifiersOf), options)
    return [...outcomes, ...(await writeInTurn(pool, second, second.flatMap(identifiersOf), options))]
  }
}

function retryOptions({ patienceMs, onRetry }: BulkIdentifyOptions) {
  return { deadlineMs: Date.now() + patienceMs, onRetry }
}

/** @param size of the whole chunk: what is not among the outcomes was left out, as it exists already */
function count(outcomes: readonly Outcome[], size: number): OutcomeCounts {
  const counts = { created: 0, linked: 0, merged: 0, refused: 0, existing: size - outcomes.length }
  for (const outcome of outcomes) counts[outcome]++
  return counts
}
