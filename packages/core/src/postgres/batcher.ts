import { IdentityError, isUnavailable } from '../errors.ts'
import type { Load, Observer, Phase } from './observer.ts'

/** Work for one workspace that waits to travel with others. */
export interface Job {
  readonly workspaceId: number
  /** How much of a batch it fills. */
  readonly size: number
  /** When nobody waits for the answer any more, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /** What `Tracing` knows the call by. */
  readonly caller?: unknown
  reject(error: unknown): void
}

export interface BatcherOptions<J extends Job> {
  readonly phase: Phase
  /** How many batches may be under way at once. */
  readonly lanes: number
  /** The size at which a batch takes no further job. */
  readonly maxBatchSize: number
  /** Jobs that may wait; one more is refused. */
  readonly maxQueued: number
  /** Does the work and settles every job, or throws having settled none. */
  readonly run: (workspaceId: number, jobs: J[]) => Promise<void>
  /** While a batch is under way, another departs when so many jobs wait, or after `BESIDE_AFTER_MS`. @default 1 */
  readonly minBeside?: number
  /** False while batches must wait, lanes or not; `wake` tells of a change. @default always true */
  readonly mayDepart?: () => boolean
  /** Called when a batch has ended, whatever became of it. */
  readonly onEnd?: () => void
  readonly observer?: Observer | undefined
}

/**
 * So many jobs leave at once, before the turn has ended: enough to spread a statement's fixed cost thin, and few enough
 * that a burst becomes several batches. With one batch for all, process and database would work in turns, not together.
 */
const EARLY_DEPARTURE = 48

/** A batch that takes longer may wait for a lock; from then on, even one job departs beside it. */
const BESIDE_AFTER_MS = 10

/**
 * Lets jobs that arrive together travel together. Nothing waits for company: a batch leaves as soon as a lane is free,
 * at the end of the event loop's turn, so that what one turn brought travels together. While every lane is busy, jobs
 * queue up, and the next batch is larger: an idle service adds no delay and a busy one batches by itself. Where nothing
 * is under way and the last job came alone, the next is taken to come alone, too, and does not wait for the turn's end.
 * Where a batch costs much by itself, `minBeside` keeps few jobs from taking a lane of their own beside another batch.
 * A batch holds jobs of one workspace, and workspaces take turns.
 */
export class Batcher<J extends Job> {
  readonly #options: BatcherOptions<J>
  readonly #queues = new Map<number, J[]>()
  #queued = 0
  #busyLanes = 0
  #dispatchScheduled = false
  #lastBatchLength = 0
  #expiryTimer: NodeJS.Timeout | undefined
  #besideTimer: NodeJS.Timeout | undefined
  #haveWaited = false

  constructor(options: BatcherOptions<J>) {
    this.#options = options
  }

  get load(): Load {
    const { maxQueued, lanes } = this.#options
    return { queued: this.#queued, maxQueued, busyLanes: this.#busyLanes, lanes }
  }

  /** True when nothing waits and nothing is under way. */
  get isIdle(): boolean {
    return this.#queued === 0 && this.#busyLanes === 0
  }

  /** Looks again whether a batch may depart. */
  wake(): void {
    this.#scheduleDispatch()
  }

  /** Queues a job; refuses it at once where too many wait already. */
  push(job: J): void {
    if (this.#queued >= this.#options.maxQueued) {
      job.reject(overloaded(this.#queued))
      return
    }
    const queue = this.#queues.get(job.workspaceId)
    if (queue) queue.push(job)
    else this.#queues.set(job.workspaceId, [job])
    this.#queued++
    this.#armExpiry()
    // Before the turn ends: the database works on these while the process reads the rest.
    if (this.#queued >= EARLY_DEPARTURE && this.#canDepart()) this.#dispatch()
    else this.#scheduleDispatch()
  }

  #canDepart(): boolean {
    const { lanes, mayDepart } = this.#options
    return this.#queued > 0 && this.#busyLanes < lanes && this.#areWorthALane() && (!mayDepart || mayDepart())
  }

  #areWorthALane(): boolean {
    const { minBeside = 1 } = this.#options
    if (this.#busyLanes === 0 || this.#queued >= minBeside || this.#haveWaited) return true
    this.#besideTimer ??= setTimeout(() => {
      this.#haveWaited = true
      this.#scheduleDispatch()
    }, BESIDE_AFTER_MS).unref()
    return false
  }

  #waitAnew(): void {
    clearTimeout(this.#besideTimer)
    this.#besideTimer = undefined
    this.#haveWaited = false
  }

  #scheduleDispatch(): void {
    if (this.#dispatchScheduled || !this.#canDepart()) return
    this.#dispatchScheduled = true
    const isQuiet = this.#busyLanes === 0 && this.#lastBatchLength <= 1
    const schedule = isQuiet ? queueMicrotask : setImmediate
    schedule(() => {
      this.#dispatchScheduled = false
      this.#dispatch()
    })
  }

  #dispatch(): void {
    this.#dropExpired()
    while (this.#canDepart()) {
      const [workspaceId, jobs, size] = this.#takeBatch()
      this.#busyLanes++
      this.#options.observer?.onBatch?.(this.#options.phase, size)
      void this.#run(workspaceId, jobs).finally(() => {
        this.#busyLanes--
        this.#scheduleDispatch()
        this.#options.onEnd?.()
      })
    }
  }

  #takeBatch(): [workspaceId: number, jobs: J[], size: number] {
    const [workspaceId, queue] = this.#queues.entries().next().value!
    let count = 0
    let size = 0
    for (; count < queue.length; count++) {
      const next = queue[count]!.size
      if (count > 0 && size + next > this.#options.maxBatchSize) break
      size += next
    }
    this.#queues.delete(workspaceId)
    const jobs = queue.splice(0, count)
    this.#lastBatchLength = count
    this.#waitAnew()
    if (queue.length > 0) this.#queues.set(workspaceId, queue)
    this.#queued -= count
    return [workspaceId, jobs, size]
  }

  /** One timer, for the job that expires first. */
  #armExpiry(): void {
    if (this.#expiryTimer || this.#queued === 0) return
    const earliestMs = Math.min(...[...this.#queues.values()].map((queue) => queue[0]!.expiresAtMs))
    this.#expiryTimer = setTimeout(
      () => {
        this.#expiryTimer = undefined
        this.#dropExpired()
        this.#armExpiry()
      },
      Math.max(0, earliestMs - Date.now()),
    )
    // Left behind by the last batch, it must not keep a program from ending. What waits has a connection that does.
    this.#expiryTimer.unref()
  }

  /** Jobs wait in the order in which they expire, unless their time-outs differ; then some are told late. */
  #dropExpired(): void {
    const now = Date.now()
    for (const [workspaceId, queue] of this.#queues) {
      while (queue.length > 0 && queue[0]!.expiresAtMs <= now) {
        queue.shift()!.reject(overloaded(this.#queued))
        this.#queued--
      }
      if (queue.length === 0) this.#queues.delete(workspaceId)
    }
  }

  async #run(workspaceId: number, jobs: J[]): Promise<void> {
    // The lane stays taken until the work has really ended; those who wait for it are told in time.
    const stopWatching = rejectAsTheyExpire(jobs)
    try {
      await this.#work(workspaceId, jobs)
    } catch (error) {
      if (jobs.length === 1 || isUnavailable(error)) for (const job of jobs) job.reject(error)
      // One job that the database refuses must not harm those that happened to travel with it.
      else for (const job of jobs) if (job.expiresAtMs > Date.now()) await this.#run(workspaceId, [job])
    } finally {
      stopWatching()
    }
  }

  #work(workspaceId: number, jobs: J[]): Promise<void> {
    const { run, phase, observer } = this.#options
    if (!observer?.tracing) return run(workspaceId, jobs)
    const callers = jobs.map(({ caller }) => caller)
    return observer.tracing.batch(phase, callers, () => run(workspaceId, jobs))
  }
}

/** When nobody waits for any of the jobs any more: how long their work may be repeated. */
export function lastExpiryMs(jobs: readonly Job[]): number {
  return Math.max(...jobs.map((job) => job.expiresAtMs))
}

/** Rejects each job at its own time. @returns the function that ends it */
function rejectAsTheyExpire(jobs: readonly Job[]): () => void {
  let timer: NodeJS.Timeout
  const watch = (left: readonly Job[]) => {
    if (left.length === 0) return
    const earliestMs = Math.min(...left.map((job) => job.expiresAtMs))
    timer = setTimeout(
      () => {
        const now = Date.now()
        for (const job of left) if (job.expiresAtMs <= now) job.reject(overdue())
        watch(left.filter((job) => job.expiresAtMs > now))
      },
      Math.max(0, earliestMs - Date.now()),
    )
  }
  watch(jobs)
  return () => clearTimeout(timer)
}

function overdue(): IdentityError {
  return new IdentityError('unavailable', 'The database did not answer in time. Repeat the request: that is safe.', {
    retryAfterS: 1,
  })
}

function overloaded(queued: number): IdentityError {
  return new IdentityError('unavailable', `The service is overloaded: ${requestsWait(queued)}. Repeat it later.`, {
    retryAfterS: 1,
  })
}

/** How many requests wait, in words. */
export function requestsWait(count: number): string {
  return count === 1 ? '1 request waits' : `${count} requests wait`
}
