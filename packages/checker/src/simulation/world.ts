import { isUnavailable, type RecordedEvent } from '@identity/core'
import type { Timed } from '../search-order.ts'
import { SimulatedDatabase } from './database.ts'
import { Faults, NO_FAULTS } from './faults.ts'
import { Follower } from './follower.ts'
import { type ProcessOptions, SimulatedProcess } from './process.ts'
import type { Scheduler } from './scheduler.ts'
import type { WorldOptions } from './world-options.ts'

/** One call: how it is sent, and who notes what its caller was told. */
export interface Step<T> {
  send(process: SimulatedProcess): Promise<T>
  /** @param told null where no answer came */
  note(told: T | null, call: Timed & { readonly process: string }): void
}

/** Everything in one simulation but what is called: processes, the database, and what goes wrong. */
export class World {
  readonly database: SimulatedDatabase
  readonly #scheduler: Scheduler
  readonly #options: WorldOptions & ProcessOptions
  readonly #faults: Faults
  readonly #processes: SimulatedProcess[]
  /** Those that were killed may have left connections behind on which the database is still at work. */
  readonly #everStarted: SimulatedProcess[] = []
  readonly #follower = new Follower()
  /** Calls that have started, to be told when their process is killed. */
  readonly #pending = new Set<{ process: SimulatedProcess; fail: () => void }>()
  #callersLeft = 0
  #failure: unknown

  constructor(scheduler: Scheduler, options: WorldOptions & ProcessOptions) {
    this.#scheduler = scheduler
    this.#options = options
    this.database = new SimulatedDatabase(() => scheduler.nowMs)
    this.#faults = new Faults(scheduler.random, options.faults ?? NO_FAULTS, options.stalls)
    this.#processes = Array.from({ length: options.processes ?? 2 }, () => this.#startProcess())
  }

  /** Runs callers at once, each with one step after another, until all are done. @throws Error where a call fails */
  async run<T>(callers: ReadonlyArray<Iterable<Step<T>>>): Promise<void> {
    for (const steps of callers) this.#startCaller(steps)
    await this.#scheduler.run(() => this.#callersLeft === 0 || this.#failure !== undefined)
    if (this.#failure) throw this.#failure
  }

  /** Waits until nothing is under way any more, be it on a connection that a killed process left behind. */
  async rest(): Promise<void> {
    await this.#scheduler.run(() => this.#everStarted.every(({ isAtRest }) => isAtRest))
  }

  /**
   * @returns all events
   * @throws Error where they are not what was seen of them, or do not lead to the persons
   */
  async checkEvents(): Promise<RecordedEvent[]> {
    let isChecked = false
    // A process of its own: one of the others may still be killed.
    const check = this.#follower.check(this.#startProcess(), this.database)
    void check
      .catch(() => {})
      .finally(() => {
        isChecked = true
      })
    await this.#scheduler.run(() => isChecked)
    return check
  }

  #startProcess(): SimulatedProcess {
    const process = new SimulatedProcess(this.database, this.#scheduler, this.#faults, this.#options)
    this.#everStarted.push(process)
    return process
  }

  #startCaller<T>(steps: Iterable<Step<T>>): void {
    this.#callersLeft++
    const left = steps[Symbol.iterator]()
    const callNext = () => {
      const next = left.next()
      if (next.done) this.#callersLeft--
      else this.#scheduler.add(() => this.#call(next.value, callNext))
    }
    callNext()
  }

  #call<T>({ send, note }: Step<T>, onEnd: () => void): void {
    const { random } = this.#scheduler
    const { kills = 0, crashes = 0, clockSetBack = 0, follows = 0 } = this.#options
    const number = random.below(this.#processes.length)
    const process = this.#processes[number]!
    const startedAt = this.#scheduler.steps
    const name = 'AB'.charAt(number) || `process ${number}`
    let isOver = false
    const end = (told: T | null) => {
      if (isOver) return
      isOver = true
      const endedAt = told === null ? Number.POSITIVE_INFINITY : this.#scheduler.steps
      note(told, { startedAt, endedAt, process: name })
      onEnd()
    }
    this.#pending.add({ process, fail: () => end(null) })
    send(process).then(
      (told) => process.isAlive && end(told),
      (error: unknown) => {
        if (!process.isAlive) return
        // Said where it cannot be told what became of COMMIT, which takes a lost connection.
        if (isUnavailable(error) && this.#losesConnections()) end(null)
        else this.#failure = new Error(`a call failed: ${error}`, { cause: error })
      },
    )
    if (follows > 0 && random.chance(follows)) {
      this.#scheduler.add(() => this.#follower.follow(process, 1 + random.below(4)))
    }
    if (random.chance(clockSetBack)) this.#scheduler.add(() => this.#setClockBack())
    if (random.chance(crashes)) this.#scheduler.add(() => this.#crashDatabase())
    if (random.chance(kills)) this.#scheduler.add(() => this.#kill(number))
  }

  #losesConnections(): boolean {
    const { faults = NO_FAULTS, crashes = 0 } = this.#options
    return faults.lostBefore + faults.lostAfter + crashes > 0
  }

  #setClockBack(): void {
    this.database.clockOffsetMs -= this.#scheduler.random.below(60_000)
  }

  #crashDatabase(): void {
    for (const process of this.#everStarted) process.loseDatabase()
    this.database.crash()
  }

  #kill(number: number): void {
    const killed = this.#processes[number]!
    killed.kill()
    this.#processes[number] = this.#startProcess()
    for (const { process, fail } of this.#pending) if (process === killed) fail()
  }
}
