import { isUnavailable } from '@identity/core'
import type { Call } from '../call.ts'
import { randomPlan } from '../plan.ts'
import { SimulatedDatabase } from './database.ts'
import { Faults, NO_FAULTS } from './faults.ts'
import { Follower } from './follower.ts'
import { SimulatedProcess } from './process.ts'
import type { Scheduler } from './scheduler.ts'
import type { SimulationOptions } from './simulate.ts'

/** Everything in one simulation: callers, processes, the database, and what goes wrong. */
export class World {
  readonly calls: Call[] = []
  readonly #scheduler: Scheduler
  readonly #options: SimulationOptions
  readonly #database: SimulatedDatabase
  readonly #faults: Faults
  readonly #processes: SimulatedProcess[]
  /** Those that were killed may have left connections behind on which the database is still at work. */
  readonly #everStarted: SimulatedProcess[] = []
  /** Calls that have started, to be told when their process is killed. */
  readonly #follower = new Follower()
  readonly #pending = new Set<{ process: SimulatedProcess; fail: () => void }>()
  #callersLeft = 0
  #failure: unknown

  constructor(scheduler: Scheduler, options: SimulationOptions) {
    this.#scheduler = scheduler
    this.#options = options
    this.#database = new SimulatedDatabase(() => scheduler.nowMs)
    this.#faults = new Faults(scheduler.random, options.faults ?? NO_FAULTS)
    this.#processes = Array.from({ length: options.processes ?? 2 }, () => this.#startProcess())
  }

  async run(): Promise<void> {
    const plan = randomPlan(this.#scheduler.random, '1', this.#options)
    for (const requests of plan) this.#startCaller(requests)
    await this.#runCallers()
    const emails = new Set(plan.flat().flatMap(({ email }) => email ?? []))
    this.#startCaller([...emails].map((email) => ({ email, phoneNumber: null })))
    await this.#runCallers()
    if (this.#options.follows) await this.#checkEvents()
  }

  async #checkEvents(): Promise<void> {
    let isChecked = false
    // A process of its own: one of the others may still be killed.
    const check = this.#follower.check(this.#startProcess(), this.#database)
    void check
      .catch(() => {})
      .finally(() => {
        isChecked = true
      })
    await this.#scheduler.run(() => isChecked)
    await check
  }

  async #runCallers(): Promise<void> {
    await this.#scheduler.run(() => this.#callersLeft === 0 || this.#failure !== undefined)
    if (this.#failure) throw this.#failure
  }

  #startProcess(): SimulatedProcess {
    const process = new SimulatedProcess(this.#database, this.#scheduler, this.#faults, this.#options.parts)
    this.#everStarted.push(process)
    return process
  }

  #startCaller(requests: ReadonlyArray<Call['request']>): void {
    this.#callersLeft++
    const callNext = (index: number) => {
      const request = requests[index]
      if (!request) this.#callersLeft--
      else this.#scheduler.add(() => this.#call(request, () => callNext(index + 1)))
    }
    callNext(0)
  }

  #call(request: Call['request'], onEnd: () => void): void {
    const { random } = this.#scheduler
    const { kills = 0, crashes = 0, clockSetBack = 0, follows = 0 } = this.#options
    const number = random.below(this.#processes.length)
    const process = this.#processes[number]!
    const startedAt = this.#scheduler.steps
    const name = 'AB'.charAt(number) || `process ${number}`
    let isOver = false
    const end = (answer: Call['answer']) => {
      if (isOver) return
      isOver = true
      const endedAt = answer ? this.#scheduler.steps : Number.POSITIVE_INFINITY
      this.calls.push({ request, answer, startedAt, endedAt, process: name })
      onEnd()
    }
    this.#pending.add({ process, fail: () => end(null) })
    process.identify(request).then(
      ({ person }) => process.isAlive && end(person),
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
    this.#database.clockOffsetMs -= this.#scheduler.random.below(60_000)
  }

  #crashDatabase(): void {
    for (const process of this.#everStarted) process.loseDatabase()
    this.#database.crash()
  }

  #kill(number: number): void {
    const killed = this.#processes[number]!
    killed.kill()
    this.#processes[number] = this.#startProcess()
    for (const { process, fail } of this.#pending) if (process === killed) fail()
  }
}
