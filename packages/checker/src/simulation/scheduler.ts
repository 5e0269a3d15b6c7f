import type { Random } from '../random.ts'

export interface Timer {
  readonly dueMs: number
  readonly run: () => void
}

/** The longest that a step takes, virtual milliseconds. */
const LONGEST_STEP_MS = 2

/**
 * Decides what happens next in a simulated world: each step takes one at random of all that could happen. Time is
 * virtual; it moves a little with each step, and to the next timer where nothing else is left to do.
 */
export class Scheduler {
  readonly random: Random
  readonly #ready: Array<() => void> = []
  readonly #timers = new Set<Timer>()
  nowMs = 1_700_000_000_000
  steps = 0

  constructor(random: Random) {
    this.random = random
  }

  /** Something that may happen from now on, after any of the others. */
  add(event: () => void): void {
    this.#ready.push(event)
  }

  addTimer(run: () => void, delayMs: number): Timer {
    const timer = { dueMs: this.nowMs + delayMs, run }
    this.#timers.add(timer)
    return timer
  }

  removeTimer(timer: Timer): void {
    this.#timers.delete(timer)
  }

  /** @throws Error when nothing is left that could happen, or after too many steps */
  async run(isDone: () => boolean, maxSteps = 20_000): Promise<void> {
    for (;;) {
      // A tick comes when every promise that could be kept has been: the world stands still until the next event.
      await new Promise<void>((resolve) => process.nextTick(resolve))
      if (isDone()) return
      if (++this.steps > maxSteps) throw new Error(`not done after ${maxSteps} steps`)
      this.#step()
    }
  }

  #step(): void {
    this.nowMs += this.random.next() * LONGEST_STEP_MS
    let due = [...this.#timers].filter((timer) => timer.dueMs <= this.nowMs)
    if (this.#ready.length + due.length === 0) {
      const next = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs)[0]
      if (!next) throw new Error('everyone waits, and nothing is left that could happen')
      this.nowMs = next.dueMs
      due = [next]
    }
    const choice = this.random.below(this.#ready.length + due.length)
    const timer = due[choice - this.#ready.length]
    if (timer) {
      this.#timers.delete(timer)
      timer.run()
    } else {
      const [event] = this.#ready.splice(choice, 1)
      event!()
    }
  }
}
