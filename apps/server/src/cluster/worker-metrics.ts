import type { Worker } from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import type { Family } from '../metrics/family.ts'
import { merged, outlasting } from '../metrics/merge.ts'
import { ProcessMetrics } from '../metrics/process-metrics.ts'

/** A worker that does not answer in time is one that hangs: what it said last stands for it. */
const TIMEOUT_MS = 1_000

/** The metrics of all processes, in the primary: its own, the workers', and what those counted that have ended. */
export class WorkerMetrics {
  readonly #own = new ProcessMetrics()
  readonly #latest = new Map<Worker, readonly Family[]>()
  readonly #asked = new Map<Worker, () => void>()
  #ended: readonly Family[] = []
  #collecting: Promise<Family[]> | undefined

  /** Asks each worker; who comes while they are asked shares the answers. */
  collect(workers: Iterable<Worker>, ask: (worker: Worker) => void): Promise<Family[]> {
    this.#collecting ??= this.#collect(workers, ask).finally(() => {
      this.#collecting = undefined
    })
    return this.#collecting
  }

  /** Takes a worker's answer. */
  receive(worker: Worker, families: readonly Family[]): void {
    this.#latest.set(worker, families)
    this.#asked.get(worker)?.()
  }

  /** What a worker that has ended counted since it was asked last is lost. */
  end(worker: Worker): void {
    this.#ended = merged([this.#ended, outlasting(this.#latest.get(worker) ?? [])])
    this.#latest.delete(worker)
    this.#asked.get(worker)?.()
  }

  async #collect(workers: Iterable<Worker>, ask: (worker: Worker) => void): Promise<Family[]> {
    const answers = [...workers].map((worker) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#asked.set(worker, resolve)
      ask(worker)
      return promise.finally(() => this.#asked.delete(worker))
    })
    await Promise.race([Promise.all(answers), delay(TIMEOUT_MS, undefined, { ref: false })])
    return merged([...this.#latest.values(), this.#ended, this.#own.families()])
  }
}
