import type { PersonView } from '@identity/core'
import type { Call } from '../call.ts'
import { type PlanOptions, randomPlan } from '../plan.ts'
import { Random } from '../random.ts'
import { describeViolation, timeline } from '../timeline.ts'
import { findViolation } from '../violation.ts'
import { Scheduler } from './scheduler.ts'
import { withVirtualTime } from './virtual-time.ts'
import { type Step, World } from './world.ts'
import type { WorldOptions } from './world-options.ts'

export interface SimulationOptions extends PlanOptions, WorldOptions {}

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
  const history: Call[] = []
  const stepOf = (request: Call['request']): Step<PersonView> => ({
    async send({ store }) {
      const [result] = await store.identify(1, [request])
      return result!.person
    },
    note: (answer, call) => history.push({ request, answer, ...call }),
  })
  return withVirtualTime(scheduler, async () => {
    try {
      const plan = randomPlan(random, '1', options)
      await world.run(plan.map((requests) => requests.map(stepOf)))
      const emails = new Set(plan.flat().flatMap(({ email }) => email ?? []))
      await world.run([[...emails].map((email) => stepOf({ email, phoneNumber: null }))])
      if (options.follows) {
        // What a process that was killed has sent may still take effect, between one look at the log and the next.
        await world.rest()
        await world.checkEvents()
      }
    } catch (error) {
      return { history, failure: `${error}\n${timeline(history).join('\n')}` }
    }
    const violation = findViolation(history, { clockMayGoBack: (options.clockSetBack ?? 0) > 0 })
    return { history, failure: violation && describeViolation(violation) }
  })
}
