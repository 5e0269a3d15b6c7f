import { setTimeout as delay } from 'node:timers/promises'
import { IdentityError } from '../errors.ts'

/**
 * Failures after which the same work is worth repeating (promise G5), by SQLSTATE or by the driver's code. Decided by
 * code alone: a distributed PostgreSQL leaves constraint names out.
 */
const TRANSIENT: Readonly<Record<string, string>> = {
  23505: 'unique violation: another transaction claimed the identifier first',
  25006: 'read-only transaction: connected to a standby, as during a failover',
  '25P03': 'idle in transaction for too long',
  28000: 'login refused: as while a password is being changed',
  '28P01': 'wrong password: as while it is being changed',
  40001: 'serialization failure',
  '40P01': 'deadlock',
  53000: 'insufficient resources',
  53100: 'disk full',
  53200: 'out of memory',
  53300: 'too many connections',
  '55P03': 'lock not available',
  57014: 'statement timeout',
  '57P01': 'server is shutting down',
  '57P02': 'server crashed',
  '57P03': 'server is starting up',
  XX000: 'internal error: how Citus reports a serialization failure at COMMIT',
}

/** The connection is gone, or was never there; what its last statement did is unknown. */
const CONNECTION_LOST: ReadonlySet<string> = new Set([
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

/** Of work that finds by itself that it has to start over. */
const OWN_CODES = ['LOCKS_OUTDATED', 'RULES_OUTDATED', 'OUTCOME_PENDING'] as const

/** What `RetryEvent.code` is, but for codes of connections that the database ended for reasons of its own. */
export const RETRIED_CODES: readonly string[] = [...Object.keys(TRANSIENT), ...CONNECTION_LOST, ...OWN_CODES]

/** What such work throws. */
abstract class StartOver extends Error {
  abstract readonly code: (typeof OWN_CODES)[number]
}

/** The locks taken do not cover the persons found: start over with those. */
export class LocksOutdated extends StartOver {
  readonly code = 'LOCKS_OUTDATED'
  readonly rootIds: readonly number[]

  constructor(rootIds: readonly number[]) {
    super('a person was merged or made while its locks were awaited')
    this.rootIds = rootIds
  }
}

/** The workspace's rules changed, or could not be looked at again in time: start over with those that are in force. */
export class RulesOutdated extends StartOver {
  readonly code = 'RULES_OUTDATED'

  constructor() {
    super("the workspace's rules had to be read again")
  }
}

/** The connection was lost at COMMIT, and the database has not decided yet what became of the transaction. */
export class OutcomePending extends StartOver {
  readonly code = 'OUTCOME_PENDING'
}

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'UNKNOWN'
}

export function isConnectionLost(error: unknown): boolean {
  // A FATAL error is the last thing that a connection says.
  const severity = typeof error === 'object' && error !== null && 'severity' in error ? error.severity : undefined
  return CONNECTION_LOST.has(codeOf(error)) || severity === 'FATAL' || severity === 'PANIC'
}

function isTransient(error: unknown): boolean {
  return error instanceof StartOver || codeOf(error) in TRANSIENT || isConnectionLost(error)
}

function reasonOf(error: unknown): string {
  if (error instanceof StartOver) return error.message
  return TRANSIENT[codeOf(error)] ?? 'connection lost'
}

/**
 * Unique races that one piece of work may lose in a row. Each loss means that somebody else has claimed an identifier,
 * which the next attempt then finds; to lose on means that no look-up finds who claims it.
 */
const MAX_UNIQUE_RACES = 8
const FIRST_WAIT_MS = 2
const LONGEST_WAIT_MS = 200

/** One repetition that is about to happen; holds no personal data. */
export interface RetryEvent {
  /** SQLSTATE, the driver's code, or one of the engine's own. */
  readonly code: string
  readonly reason: string
  readonly attempt: number
}

export interface RetryOptions {
  /** When to give up, in milliseconds since 1970. */
  readonly deadlineMs: number
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
}

/**
 * Repeats the work while it fails for a transient reason and time is left, with growing waits and jitter. The first
 * repetition comes at once: whoever was in the way has usually just committed.
 * @throws IdentityError `unavailable` when time is up; any other failure as it is.
 */
export async function withRetry<T>(work: () => Promise<T>, { deadlineMs, onRetry }: RetryOptions): Promise<T> {
  let lostRaces = 0
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isTransient(error)) throw error
      if (codeOf(error) === '23505' && ++lostRaces > MAX_UNIQUE_RACES) throw error
      const waitMs = attempt === 1 ? 0 : Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)
      if (Date.now() + waitMs >= deadlineMs) throw unavailable(error)
      const code = codeOf(error)
      onRetry?.({ code, reason: reasonOf(error), attempt })
      if (waitMs > 0) await delay(waitMs)
    }
  }
}

function unavailable(cause: unknown): IdentityError {
  return new IdentityError('unavailable', 'The database cannot serve this request now. Repeat it: that is safe.', {
    retryAfterS: 1,
    cause,
  })
}
