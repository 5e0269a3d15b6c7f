import cluster, { type Worker } from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Family } from '../metrics/family.ts'
import type { RequestCounts } from '../request-counts.ts'
import { closeLostConnection } from './lost-connection.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { WorkerMetrics } from './worker-metrics.ts'

/** A worker that ends sooner after its start than this has probably met what the next one will meet. */
const EARLY_DEATH_MS = 10_000
const MAX_EARLY_DEATHS = 5
const RESTART_DELAY_MS = 100

export interface WorkersOptions {
  readonly processes: number
  /** Environment variables of theirs, beside this process's own. */
  readonly env: Readonly<Record<string, string>>
  readonly counts: RequestCounts
  readonly logger: Logger
}

/** The processes that serve: starts them, and another for each that dies. */
export class Workers {
  readonly #options: WorkersOptions
  readonly #alive = new Set<Worker>()
  readonly #stopping = new AbortController()
  readonly #places: readonly Promise<void>[]
  readonly #settleReady = Promise.withResolvers<string>()
  readonly #settleFailed = Promise.withResolvers<string>()
  readonly #killAll = () => {
    for (const worker of this.#alive) kill(worker)
  }
  readonly #serving = new Set<Worker>()
  readonly #metrics = new WorkerMetrics()
  #isStarting = true

  constructor(options: WorkersOptions) {
    this.#options = options
    // The default on Windows leaves the distribution to the system, which may favour one process.
    cluster.schedulingPolicy = cluster.SCHED_RR
    process.once('exit', this.#killAll)
    this.#places = Array.from({ length: options.processes }, () => this.#keepOneAlive())
  }

  /** Resolves with the address when all of them listen; rejects when one cannot. */
  get ready(): Promise<string> {
    return this.#settleReady.promise
  }

  /** Resolves with the reason when starting others has been given up. */
  get failed(): Promise<string> {
    return this.#settleFailed.promise
  }

  /** The metrics of all processes, this one included. */
  metrics(): Promise<Family[]> {
    return this.#metrics.collect(this.#serving, (worker) => tell(worker, { type: 'measure' }))
  }

  /** Each answers what it has and ends. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const worker of this.#alive) tell(worker, { type: 'stop' })
    await this.#end()
  }

  /** Ends them as they are. */
  async kill(): Promise<void> {
    this.#stopping.abort()
    this.#killAll()
    await this.#end()
  }

  async #end(): Promise<void> {
    await Promise.all(this.#places)
    process.off('exit', this.#killAll)
  }

  async #keepOneAlive(): Promise<void> {
    const { signal } = this.#stopping
    let earlyDeaths = 0
    while (!signal.aborted) {
      const startedAtMs = performance.now()
      const worker = cluster.fork(this.#options.env)
      closeLostConnection(worker)
      this.#alive.add(worker)
      worker.on('message', (message: FromWorker) => this.#hear(worker, message))
      const ending = await endOf(worker)
      this.#alive.delete(worker)
      this.#metrics.end(worker)
      const loss = this.#serving.delete(worker) ? '; the requests it had went unanswered' : ' before it served'
      if (signal.aborted) return
      earlyDeaths = performance.now() - startedAtMs < EARLY_DEATH_MS ? earlyDeaths + 1 : 0
      if (earlyDeaths === MAX_EARLY_DEATHS) return this.#giveUp(ending)
      const delayMs = RESTART_DELAY_MS * 2 ** Math.max(0, earlyDeaths - 1)
      this.#options.logger.error(
        { workerPid: worker.process.pid },
        `a worker process ${ending}${loss}. Starting another in ${delayMs} ms`,
      )
      await delay(delayMs, undefined, { signal }).catch(() => {})
    }
  }

  #hear(worker: Worker, message: FromWorker): void {
    if (message.type === 'count') {
      const { counts } = this.#options
      tell(worker, { type: 'counted', counts: message.keys.map((key) => counts.increment(key)) })
    } else if (message.type === 'measured') {
      this.#metrics.receive(worker, message.families)
    } else if (message.type === 'collect') {
      void this.metrics().then((families) => tell(worker, { type: 'collected', families }))
    } else if (message.type === 'ready') {
      this.#serving.add(worker)
      if (this.#serving.size < this.#options.processes) return
      this.#isStarting = false
      this.#settleReady.resolve(message.url)
    } else {
      const error = Object.assign(new Error(), message.failure)
      this.#settleReady.reject(error)
      // Who waits for the start says it to a person; later there is the log only.
      if (!this.#isStarting)
        this.#options.logger.error({ err: error, workerPid: worker.process.pid }, 'a worker process failed')
    }
  }

  #giveUp(ending: string): void {
    const reason =
      `${MAX_EARLY_DEATHS} worker processes in a row ended within ${EARLY_DEATH_MS / 1000} s of their start; the last one ${ending}. ` +
      'Its log lines say why; with SERVER_PROCESSES=1 there are no workers'
    this.#settleReady.reject(new WorkersFailure(reason))
    this.#settleFailed.resolve(reason)
  }
}

/** Workers that do not stay alive; the message says so to a person. */
export class WorkersFailure extends Error {
  override readonly name = 'WorkersFailure'
}

/** How it ended, once all it said has been heard. */
function endOf(worker: Worker): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  worker.on('error', (error: NodeJS.ErrnoException) => {
    if (worker.process.pid === undefined) resolve(`could not be started (${error.code})`)
    // It cannot be reached: it has just died, or had better.
    else kill(worker)
  })
  // Not 'exit', which can come before the last messages do.
  worker.process.once('close', (exitCode, signal) =>
    resolve(signal ? `was ended by ${signal}` : `exited with code ${exitCode}`),
  )
  return promise
}

/** `worker.kill` would disconnect first, and wait for that. */
function kill(worker: Worker): void {
  worker.process.kill('SIGKILL')
}

function tell(worker: Worker, message: ToWorker): void {
  // Without a callback, a worker that has just died would make this throw; its end is noticed elsewhere.
  worker.send(message, () => {})
}
