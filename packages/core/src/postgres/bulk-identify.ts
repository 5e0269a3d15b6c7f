import type { CanonicalRequest } from '../canonical/request.ts'
import type { IdentifierMap } from '../identifier-map.ts'
import type { Outcome } from '../reconcile.ts'
import { type BulkResult, type BulkSent, bulkWrite } from './bulk-write.ts'
import { type ChangingRequests, changingRequests } from './changing-requests.ts'
import { KnownRoots, type PlacedIdentifier, type Places } from './known-roots.ts'
import type { Pool } from './pool.ts'
import { codeOf, LocksOutdated, type RetryEvent, withRetry } from './retry.ts'
import { RuleBook, stillInForce, type WorkspaceRules } from './rules/rule-book.ts'
import { usableOf } from './rules/screen.ts'
import { isWorkspaceEmpty } from './statements/is-workspace-empty.ts'
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
 * one at a time. While all of a chunk is on its way, the next one is prepared: looked up, as far as this import has not
 * seen yet where its values lead, and rid of what would change nothing.
 * Yields what became of each chunk, once that is committed. Needs a pool of two connections.
 * @throws IdentityError `unavailable` after `patienceMs`. All chunks that were yielded are kept; to repeat is safe.
 */
export async function* bulkIdentify(
  pool: Pool,
  chunks: AsyncIterable<readonly CanonicalRequest[]>,
  options: BulkIdentifyOptions,
): AsyncGenerator<OutcomeCounts> {
  const rules = new RuleBook(pool, { timeoutMs: options.patienceMs, onRetry: options.onRetry })
  const isAll = await withRetry(
    () => pool.use((client) => isWorkspaceEmpty(client, options.workspaceId)),
    retryOptions(options),
  )
  const work = { pool, rules, options, known: new KnownRoots({ isAll }) }
  let writing: Writing | undefined
  for await (const requests of chunks) {
    const chunk = prepare(work, await lookUp(work, requests))
    if (writing) yield await writing.counts
    writing = startWriting(work, chunk)
    // Nothing may keep this thread from an answer that the database waits to see the next statements for.
    await writing.sent
  }
  if (writing) yield await writing.counts
}

interface Work {
  readonly pool: Pool
  readonly rules: RuleBook
  readonly options: BulkIdentifyOptions
  readonly known: KnownRoots
}

/** Requests, and what is found of them in the database beside what is known. */
interface Found extends Places {
  readonly requests: readonly CanonicalRequest[]
  /** Of them, those of which the workspace does not block all; the places are theirs. */
  readonly usable: readonly CanonicalRequest[]
  readonly rules: WorkspaceRules | undefined
  /** Those of their identifiers that were looked up. */
  readonly lookedUp: readonly PlacedIdentifier[]
  /** Whom those led to. */
  readonly carriers?: IdentifierMap<Carrier>
}

interface Chunk extends Found {
  /** Those of which it is not known already that they change nothing; undefined where all was forgotten meanwhile. */
  readonly changing: ChangingRequests | undefined
}

interface Writing {
  /** Resolves once all is on its way, so that only COMMIT is waited for. Never rejects. */
  readonly sent: Promise<void>
  readonly counts: Promise<OutcomeCounts>
}

async function lookUp({ pool, rules, options, known }: Work, requests: readonly CanonicalRequest[]): Promise<Found> {
  const inForce = await rules.of(options.workspaceId)
  const usable = inForce ? requests.flatMap((request) => usableOf(request, inForce) ?? []) : requests
  const placed = known.placesOf(usable)
  // Nobody carried what is unknown when the import began, and the unique index tells of who does by now; unless a rule
  // refuses the request, so that nothing is inserted.
  const lookedUp = known.isAll && !inForce ? [] : known.unknownOf(usable, placed)
  const found = { requests, usable, rules: inForce, ...placed, lookedUp }
  if (lookedUp.length === 0) return found
  const carriers = await withRetry(
    () => pool.use((client) => readCarriers(client, options.workspaceId, lookedUp)),
    retryOptions(options),
  )
  return { ...found, carriers }
}

/** By what the chunk before it leaves. */
function prepare({ known }: Work, found: Found): Chunk {
  const { usable, lookedUp, carriers, version } = found
  if (version !== known.version) return { ...found, changing: undefined }
  for (const identifier of lookedUp) {
    const carrier = carriers!.get(identifier)
    if (carrier?.isLive) known.addFound(identifier.place, carrier.rootId)
  }
  return { ...found, changing: changingRequests(usable, found, known, carriers) }
}

function startWriting(work: Work, chunk: Chunk): Writing {
  let counts!: Promise<OutcomeCounts>
  const sent = new Promise<void>((resolve) => {
    counts = write(work, chunk, resolve)
    // A failure is met where the counts are awaited.
    counts.catch(() => {}).then(() => resolve())
  })
  return { sent, counts }
}

/** Many requests meet many other writers. Those who lose race after race go on as two halves, each of which meets fewer. */
async function write(work: Work, chunk: Chunk, onSent = () => {}): Promise<OutcomeCounts> {
  const { known, options } = work
  const { requests } = chunk
  const retry = retryOptions(options)
  let hasFailed = false
  // Whatever went wrong, somebody may carry by now what nobody did, and what was sent is taken back.
  const onRetry = (event: RetryEvent) => {
    hasFailed = true
    known.forget()
    retry.onRetry?.(event)
  }
  try {
    return await withRetry(() => attempt(work, chunk, onSent), { ...retry, onRetry })
  } catch (error) {
    if (codeOf(error) !== UNIQUE_VIOLATION || requests.length === 1) throw error
    known.forget()
    const half = requests.length >> 1
    const first = await write(work, { ...chunk, requests: requests.slice(0, half) })
    return sum(first, await write(work, { ...chunk, requests: requests.slice(half) }))
  } finally {
    // The next chunk may have been prepared by what an attempt that failed was to leave.
    if (hasFailed) known.forget()
  }
}

async function attempt(work: Work, chunk: Chunk, onSent: () => void): Promise<OutcomeCounts> {
  const { pool, rules, options, known } = work
  const { workspaceId } = options
  const isCurrent = chunk.version === known.version && chunk.rules === (await rules.of(workspaceId))
  const current = isCurrent ? chunk : prepare(work, await lookUp(work, chunk.requests))
  const { changing } = current
  // All was forgotten once more while this was looked up.
  if (!changing) throw new LocksOutdated([])
  if (changing.requests.length === 0) return count(current, changing, [])
  const results = await bulkWrite(pool, {
    ...changing,
    workspaceId,
    rules: current.rules,
    checkRules: () => stillInForce(rules, workspaceId, current.rules),
    onSent: (sent) => {
      remember(known, changing, sent)
      onSent()
    },
    retry: retryOptions(options),
  })
  return count(current, changing, results)
}

function remember(known: KnownRoots, changing: ChangingRequests, { persons, results, changed }: BulkSent): void {
  // A person may have been merged since the request's turn.
  const rootIds = results.map(({ outcome, rootId }) =>
    outcome === 'refused' ? undefined : persons.personOfAny(rootId)!.root.id,
  )
  known.addWritten(changing, rootIds, changed)
}

function retryOptions({ patienceMs, onRetry }: BulkIdentifyOptions) {
  return { deadlineMs: Date.now() + patienceMs, onRetry }
}

/** What is not among the results was left out: it exists already, or is blocked. */
function count({ requests, usable }: Found, changing: ChangingRequests, results: readonly BulkResult[]): OutcomeCounts {
  const refused = requests.length - usable.length
  const existing = usable.length - changing.requests.length
  const counts = { created: 0, linked: 0, merged: 0, refused, existing }
  for (const { outcome } of results) counts[outcome]++
  return counts
}

function sum(a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts {
  const total = { ...a }
  for (const outcome of Object.keys(b) as Outcome[]) total[outcome] += b[outcome]
  return total
}
