import type { OracleRequest } from './oracle.ts'
import type { Random } from './random.ts'

/** What the callers of one history send: each its own list, one request after another. */
export type Plan = ReadonlyArray<readonly OracleRequest[]>

export interface PlanOptions {
  /** @default 5 */
  maxCallers?: number
  /** @default 2 */
  maxCallsEach?: number
  /** E-mails, and as many phones: the fewer, the more often requests meet. @default 3 */
  values?: number
}

/** A small random history to be. The namespace, digits, sets its identifiers apart from those of all other histories. */
export function randomPlan(
  random: Random,
  namespace: string,
  { maxCallers = 5, maxCallsEach = 2, values = 3 }: PlanOptions = {},
): Plan {
  return Array.from({ length: 2 + random.below(maxCallers - 1) }, () =>
    Array.from({ length: 1 + random.below(maxCallsEach) }, () => randomRequest(random, namespace, values)),
  )
}

/** Two in three carry both values. */
function randomRequest(random: Random, namespace: string, values: number): OracleRequest {
  const email = `e${random.below(values)}@${namespace}.example`
  const phoneNumber = `${namespace}${random.below(values)}`
  const kind = random.below(6)
  return { email: kind === 5 ? null : email, phoneNumber: kind === 4 ? null : phoneNumber }
}
