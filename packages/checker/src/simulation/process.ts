import { applyBlocks, Pool, PostgresStore, type RuleSource } from '@identity/core/postgres'
import { SimulatedConnection } from './connection.ts'
import type { SimulatedDatabase } from './database.ts'
import type { Faults } from './faults.ts'
import type { Scheduler } from './scheduler.ts'

/** What runs the requests, and applies block rules beside them: the core's own, or with a fault that a test has put into it. */
export interface CoreParts {
  readonly Pool: typeof Pool
  readonly PostgresStore: typeof PostgresStore
  readonly applyBlocks: typeof applyBlocks
}

export interface ProcessOptions {
  /** @default the core's own */
  parts?: CoreParts | undefined
  /** Whether it asks the database what the workspace refuses; else it takes for granted that there is nothing. @default false */
  hasRules?: boolean | undefined
}

const NO_RULES: RuleSource = { of: () => undefined, isCurrent: () => true }

/** Longer than any simulated history: a call that is given up has found the engine at a standstill. */
const TIMEOUT_MS = 600_000

/** One simulated server process: the real pool, batcher and engine, on simulated connections. */
export class SimulatedProcess {
  readonly #connections = new Set<SimulatedConnection>()
  readonly #applyBlocks: () => ReturnType<typeof applyBlocks>
  /** What serves the calls. */
  readonly store: PostgresStore
  isAlive = true

  constructor(
    db: SimulatedDatabase,
    scheduler: Scheduler,
    faults: Faults,
    { parts = { Pool, PostgresStore, applyBlocks }, hasRules = false }: ProcessOptions = {},
  ) {
    const pool = new parts.Pool('simulated', {
      // Too few for all lanes: now and then, work waits for a connection. Who waits for the rules holds one of them.
      maxConnections: (hasRules ? 8 : 1) + scheduler.random.below(4),
      statementTimeoutMs: TIMEOUT_MS,
      connect: (_url, { onClose = () => {} }) => {
        const connection = new SimulatedConnection(db, scheduler, faults, onClose)
        if (!this.isAlive) connection.lose(null)
        this.#connections.add(connection)
        return connection.client()
      },
    })
    this.store = new parts.PostgresStore(pool, {
      timeoutMs: TIMEOUT_MS,
      maxBatchSize: 1 + scheduler.random.below(8),
      ...(!hasRules && { rules: NO_RULES }),
    })
    this.#applyBlocks = () => parts.applyBlocks(pool, 1, { patienceMs: TIMEOUT_MS })
  }

  /** Applies the block rules there are, step by step. */
  async applyBlocks(): Promise<'wait' | 'done'> {
    const steps = this.#applyBlocks()
    for (;;) {
      const { done, value } = await steps.next()
      if (done) return value
    }
  }

  /** Whether the database is at work for it no more. */
  get isAtRest(): boolean {
    return [...this.#connections].every(({ isAtRest }) => isAtRest)
  }

  /** The database is gone, and so is every connection. */
  loseDatabase(): void {
    for (const connection of this.#connections) connection.crash()
  }

  /** What kill -9 does: whoever waits for an answer waits for ever, and what was sent may still take effect. */
  kill(): void {
    this.isAlive = false
    for (const connection of this.#connections) connection.lose(null)
  }
}
