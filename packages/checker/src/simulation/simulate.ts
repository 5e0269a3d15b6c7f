import type { Call } from '../call.ts'
import type { PlanOptions } from '../plan.ts'
import { Random } from '../random.ts'
import { describeViolation, timeline } from '../timeline.ts'
import { findViolation } from '../violation.ts'
import type { FaultRates } from './faults.ts'
import type { EngineParts } from './process.ts'
import { Scheduler } from './scheduler.ts'
import { withVirtualTime } from './virtual-time.ts'
import { World } from './world.ts'

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
  /**
   * How often somebody who follows the events asks for more, as a probability of one call. In the end, the events must
   * be what was seen of them, and lead to the persons. @default 0: nobody follows
   */
  follows?: number
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
