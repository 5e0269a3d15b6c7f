import {
  Pool,
  type PoolOptions,
  PostgresStore,
  type PostgresStoreOptions,
  type RetryEvent,
} from '@identity/core/postgres'
import { postIdentify, type ServerProcess } from '@identity/testkit'
import type { Send } from '../../src/run-histories.ts'

/** Sends to whichever server has the place now, or will have it. */
export function viaHttp(server: () => ServerProcess | Promise<ServerProcess>): Send {
  return async (request) => postIdentify((await server()).url, request)
}

/** An engine in the test's own process, as one of several on a database. Use with `await using`. */
export interface OwnEngine extends AsyncDisposable {
  readonly send: Send
  /** The codes of what made it repeat work. */
  readonly repeated: Set<string>
  /** Resolves when it has repeated work for this reason. */
  hasRepeated(code: string): Promise<void>
}

/** Every promise kept takes patience: whoever waits here waits longer than any fault lasts. */
const TIMEOUT_MS = 30_000

export function startOwnEngine(url: string, pool: PoolOptions = {}, options: PostgresStoreOptions = {}): OwnEngine {
  const connections = new Pool(url, pool)
  const repeated = new Set<string>()
  const waiting = new Map<string, () => void>()
  const onRetry = ({ code }: RetryEvent) => {
    repeated.add(code)
    waiting.get(code)?.()
  }
  const store = new PostgresStore(connections, { timeoutMs: TIMEOUT_MS, onRetry, ...options })
  return {
    async send(request) {
      const [result] = await store.identify(1, [request])
      return result!.person
    },
    repeated,
    hasRepeated: (code) => new Promise((resolve) => waiting.set(code, resolve)),
    [Symbol.asyncDispose]: () => connections.end(),
  }
}
