import type { CanonicalRequest, EventQuery, IdentifyResult, RecordedEvent } from '@identity/core'
import { Pool, PostgresStore } from '@identity/core/postgres'
import { SimulatedConnection } from './connection.ts'
import type { SimulatedDatabase } from './database.ts'
import type { Faults } from './faults.ts'
import type { Scheduler } from './scheduler.ts'

/** What runs the requests: the engine, or one that a test has put a fault into. */
export interface EngineParts {
  readonly Pool: typeof Pool
  readonly PostgresStore: typeof PostgresStore
}

/** Longer than any simulated history: a call that is given up has found the engine at a standstill. */
const TIMEOUT_MS = 600_000

/** One simulated server process: the real pool, batcher and engine, on simulated connections. */
export class SimulatedProcess {
  readonly #connections = new Set<SimulatedConnection>()
  readonly #store: PostgresStore
  isAlive = true

  constructor(
    db: SimulatedDatabase,
    scheduler: Scheduler,
    faults: Faults,
    parts: EngineParts = { Pool, PostgresStore },
  ) {
    const pool = new parts.Pool('simulated', {
      // One too few for all lanes: now and then, work waits for a connection.
      maxConnections: 1 + scheduler.random.below(4),
      statementTimeoutMs: TIMEOUT_MS,
      connect: (_url, { onClose = () => {} }) => {
        const connection = new SimulatedConnection(db, scheduler, faults, onClose)
        if (!this.isAlive) connection.lose(null)
        this.#connections.add(connection)
        return connection.client()
      },
    })
    this.#store = new parts.PostgresStore(pool, {
      timeoutMs: TIMEOUT_MS,
      maxBatchSize: 1 + scheduler.random.below(8),
      rules: { of: () => undefined, isCurrent: () => true },
    })
  }

  async identify(request: CanonicalRequest): Promise<IdentifyResult> {
    const [result] = await this.#store.identify(1, [request])
    return result!
  }

  events(query: EventQuery): Promise<RecordedEvent[]> {
    return this.#store.events(1, query)
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
