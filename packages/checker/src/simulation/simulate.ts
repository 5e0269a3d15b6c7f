import type { Call } from '../call.ts'
import { type PlanOptions, randomPlan } from '../plan.ts'
import { Random } from '../random.ts'
import { describeViolation, timeline } from '../timeline.ts'
import { findViolation } from '../violation.ts'
import { SimulatedDatabase } from './database.ts'
import { type FaultRates, Faults, NO_FAULTS } from './faults.ts'
import { type EngineParts, SimulatedProcess } from './process.ts'
import { Scheduler } from './scheduler.ts'
import { withVirtualTime } from './virtual-time.ts'

export interface SimulationOptions extends PlanOptions {
  /** Server processes. @default 2 */
  processes?: number
  /** @default none */
  faults?: FaultRates
  /** How often a process is killed and another started, as a probability of one call. @default 0 */
  kills?: number
  /** How often the database crashes and starts again, as a probability of one call. @default 0 */
  crashes?: number
  /** How often the database's clock is set back, by up to a minute, as a probability of one call. @default 0 */
  clockSetBack?: number
  /** @default the engine's own */
  parts?: EngineParts
}

/** What one seed came to. */
export interface Simulated {
  readonly history: readonly Call[]
  /** What is wrong, for people; null where every promise was kept. */
  readonly failure: string | null
}

/**
 * Runs one random history on the real engine over a simulated database. The seed decides everything: what is sent, in
 * which order things happen, and what goes wrong. Afterwards one more caller asks for every e-mail, so that what the
 * database holds in the end is checked with the rest.
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Simulated> {
  const random = new Random(seed)
  const scheduler = new Scheduler(random)
  const world = new World(scheduler, options)
  return withVirtualTime(scheduler, async () => {
    try {
      await world.run()
    } catch (error) {
      return { history: world.calls, failure: `${error}\n${timeline(world.calls).join('\n')}` }
    }
    const violation = findViolation(world.calls, { clockMayGoBack: (options.clockSetBack ?? 0) > 0 })
    return { history: world.calls, failure: violation && describeViolation(violation) }
  })
}

class World {
  readonly calls: Call[] = []
  readonly #scheduler: Scheduler
  readonly #options: SimulationOptions
  readonly #database: SimulatedDatabase
  readonly #faults: Faults
  readonly #processes: SimulatedProcess[]
  /** Those that were killed may have left connections behind on which the database is still at work. */
  readonly #everStarted: SimulatedProcess[] = []
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
    const { kills = 0, crashes = 0, clockSetBack = 0 } = this.#options
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
        if (process.isAlive) this.#failure = new Error(`a call failed: ${error}`, { cause: error })
      },
    )
    if (random.chance(clockSetBack)) this.#scheduler.add(() => this.#setClockBack())
    if (random.chance(crashes)) this.#scheduler.add(() => this.#crashDatabase())
    if (random.chance(kills)) this.#scheduler.add(() => this.#kill(number))
  }

  readonly #pending = new Set<{ process: SimulatedProcess; fail: () => void }>()

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
