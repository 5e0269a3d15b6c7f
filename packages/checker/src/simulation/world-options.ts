import type { FaultRates } from './faults.ts'
import type { CoreParts } from './process.ts'

/** What a simulated world is like, and how often what goes wrong in it. */
export interface WorldOptions {
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
  /** How often a statement takes long, up to two seconds, as a probability of each of its steps. @default 0 */
  stalls?: number
  /** @default the core's own */
  parts?: CoreParts
}
