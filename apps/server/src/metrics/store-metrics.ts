import {
  type Load,
  type Observer,
  PHASES,
  type Phase,
  type Pool,
  type PostgresStore,
  RETRIED_CODES,
} from '@identity/core/postgres'
import { counter, type Family, gauge, type Sample, written } from './family.ts'
import { Histogram, histogram } from './histogram.ts'

/** Up to the most that a batch of one workspace can hold: a call of a thousand requests goes by itself. */
const SIZE_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000]
/** A connection may end with any code of PostgreSQL's; those that are not expected are one. */
const OTHER_CODE = 'other'

/** Batches, lanes, retries and connections: the way to the database. */
export class StoreMetrics implements Observer {
  readonly #sizes = new Map(PHASES.map((phase) => [phase, new Histogram(SIZE_BOUNDS)]))
  readonly #retries = new Map([...RETRIED_CODES, OTHER_CODE].map((code) => [code, 0]))

  onBatch(phase: Phase, size: number): void {
    this.#sizes.get(phase)!.observe(size)
  }

  /** @param code as `RetryEvent` has it */
  onRetry(code: string): void {
    const known = this.#retries.has(code) ? code : OTHER_CODE
    this.#retries.set(known, this.#retries.get(known)! + 1)
  }

  families({ load, outcomes }: PostgresStore, pool: Pool): Family[] {
    const ofPhases = (value: (load: Load) => number) =>
      PHASES.map((phase): Sample => [written({ phase }), value(load[phase])])
    const byLabel = (name: string, counts: Iterable<[string, number]>) =>
      [...counts].map(([value, count]): Sample => [written({ [name]: value }), count])
    return [
      counter(
        'identity_persons_total',
        'Orders that identify answered, those of batches one by one, by what became of the person.',
        byLabel('outcome', Object.entries(outcomes)),
      ),
      histogram(
        'identity_batch_size',
        'Requests that went to the database together.',
        PHASES.flatMap((phase) => this.#sizes.get(phase)!.samples({ phase })),
      ),
      gauge(
        'identity_queue_depth',
        'Calls that wait for a lane.',
        ofPhases(({ queued }) => queued),
      ),
      gauge(
        'identity_queue_capacity',
        'Calls that may wait for a lane; more get 503.',
        ofPhases(({ maxQueued }) => maxQueued),
      ),
      gauge(
        'identity_lanes_in_use',
        'Batches under way.',
        ofPhases(({ busyLanes }) => busyLanes),
      ),
      gauge(
        'identity_lanes',
        'Batches that may be under way at once.',
        ofPhases(({ lanes }) => lanes),
      ),
      counter(
        'identity_retries_total',
        "Repetitions of database work, by the SQLSTATE or the driver's code of what failed.",
        byLabel('code', this.#retries),
      ),
      gauge('identity_pool_connections_open', 'Connections to the database.', [['', pool.load.open]]),
      gauge('identity_pool_connections_in_use', 'Connections that do work.', [['', pool.load.inUse]]),
      gauge('identity_pool_waiting', 'Work that waits for a connection.', [['', pool.load.waiting]]),
    ]
  }
}
