import type { CanonicalRequest } from '@identity/core'
import {
  bulkIdentify,
  bulkPreview,
  type OutcomeCounts,
  openClient,
  Pool,
  type RetryEvent,
} from '@identity/core/postgres'
import type { ImportOptions } from './command.ts'

/** A live call's statement must be quick; a chunk's may wait for many others. */
const STATEMENT_TIMEOUT_MS = 60_000
/** One reads the next chunk while the other writes. */
const CONNECTIONS = 2

/** What an import does with its orders. */
export interface Target extends AsyncDisposable {
  /** Yields what became of each chunk, in order. */
  reconcile(chunks: AsyncIterable<readonly CanonicalRequest[]>): AsyncIterable<OutcomeCounts>
}

/** The database, or for a dry run what the database would be. */
export function openTarget(
  url: string,
  workspaceId: number,
  options: ImportOptions,
  onRetry: (event: RetryEvent) => void,
): Target {
  if (options.isDryRun) {
    const client = openClient(url, { statementTimeoutMs: 0 })
    return {
      reconcile: (chunks) => bulkPreview(client, workspaceId, chunks),
      [Symbol.asyncDispose]: () => client.end({ timeout: 1 }),
    }
  }
  const pool = new Pool(url, { maxConnections: CONNECTIONS, statementTimeoutMs: STATEMENT_TIMEOUT_MS })
  return {
    reconcile: (chunks) => bulkIdentify(pool, chunks, { workspaceId, patienceMs: options.patienceMs, onRetry }),
    [Symbol.asyncDispose]: () => pool.end({ timeoutMs: 1_000 }),
  }
}
