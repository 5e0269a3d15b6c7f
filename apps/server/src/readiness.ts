import {
  type Readiness as DatabaseReadiness,
  type Pool,
  type PostgresStore,
  readReadiness,
  requestsWait,
} from '@identity/core/postgres'
import type { Logger } from 'pino'

const TIMEOUT_MS = 1_000
/** Probes that come in between share an answer: however many there are, the database is asked so often at the most. */
const MAX_AGE_MS = 500

/** Why requests cannot be served. */
export interface ReadinessFailure {
  readonly check: 'stopping' | 'database' | 'migrations' | 'writes' | 'queue'
  /** What was found, and what to do about it. */
  readonly detail: string
}

export interface ReadinessOptions {
  readonly pool: Pool
  readonly store: Pick<PostgresStore, 'load'>
  readonly logger: Logger
  readonly isStopping: () => boolean
}

/** Whether this process can serve now; the log says when that changes. */
export class Readiness {
  readonly #options: ReadinessOptions
  #asked: { readonly atMs: number; readonly failures: Promise<ReadinessFailure[]> } | undefined
  #wasReady = true

  constructor(options: ReadinessOptions) {
    this.#options = options
  }

  /** Everything that stands in the way; empty where nothing does. */
  async failures(): Promise<ReadinessFailure[]> {
    if (this.#options.isStopping()) {
      return [{ check: 'stopping', detail: 'This server is stopping. Send requests to another one.' }]
    }
    const failures = [...(await this.#ofDatabase()), ...this.#ofQueues()]
    this.#log(failures)
    return failures
  }

  #ofDatabase(): Promise<ReadinessFailure[]> {
    const nowMs = performance.now()
    if (!this.#asked || nowMs - this.#asked.atMs > MAX_AGE_MS) {
      this.#asked = { atMs: nowMs, failures: askDatabase(this.#options.pool) }
    }
    return this.#asked.failures
  }

  #ofQueues(): ReadinessFailure[] {
    const { read, write } = this.#options.store.load
    const full = Object.entries({ read, write }).filter(([, { queued, maxQueued }]) => queued >= maxQueued)
    return full.map(([phase, { queued }]) => ({
      check: 'queue',
      detail: `${requestsWait(queued)} to ${phase}, and QUEUE_SIZE allows no more. The database is slower than the callers: see what it does, or have fewer callers.`,
    }))
  }

  #log(failures: readonly ReadinessFailure[]): void {
    const isReady = failures.length === 0
    if (isReady === this.#wasReady) return
    this.#wasReady = isReady
    if (isReady) this.#options.logger.info('ready again')
    else this.#options.logger.warn(`not ready: ${failures.map(({ detail }) => detail).join(' ')}`)
  }
}

async function askDatabase(pool: Pool): Promise<ReadinessFailure[]> {
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, TIMEOUT_MS, undefined)
  // A lost connection and a refused one look alike from here, and the remedy is the same.
  const answer = readReadiness(pool).catch((error: { code?: unknown }) => String(error.code ?? 'no code'))
  const found = await Promise.race([answer, timeout])
  clearTimeout(timer)
  if (found === undefined) return [unreachable(`did not answer within ${TIMEOUT_MS} ms`)]
  return typeof found === 'string' ? [unreachable(`answered with an error (${found})`)] : failuresOf(found)
}

function unreachable(what: string): ReadinessFailure {
  return {
    check: 'database',
    detail: `PostgreSQL ${what}. See that it runs, that DATABASE_URL leads to it, and that it has connections left.`,
  }
}

function failuresOf({ isMigrated, isReadOnly }: DatabaseReadiness): ReadinessFailure[] {
  const failures: ReadinessFailure[] = []
  if (!isMigrated) {
    failures.push({
      check: 'migrations',
      detail:
        "The database has not this version's schema, as after an older backup. Start the server again: it migrates.",
    })
  }
  if (isReadOnly) {
    failures.push({
      check: 'writes',
      detail: 'PostgreSQL is read-only, as a standby is. Point DATABASE_URL to the primary, or promote this one.',
    })
  }
  return failures
}
