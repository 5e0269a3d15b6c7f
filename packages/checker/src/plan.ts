import type { OracleRequest } from './oracle.ts'
import type { Random } from './random.ts'

/** What a caller does: it identifies, or keeps the owners of the two values apart. */
export interface Step extends OracleRequest {
  readonly keepsApart?: boolean
}

/** What the callers of one history do: each its own list, one step after another. */
export type Plan = ReadonlyArray<readonly Step[]>

export interface PlanOptions {
  /** @default 5 */
  maxCallers?: number
  /** @default 2 */
  maxCallsEach?: number
  /** E-mails, and as many phones: the fewer, the more often requests meet. @default 3 */
  values?: number
  /** Whether owners of values are kept apart, one step in four. @default false */
  keepsApart?: boolean
}

/** A small random history to be. The namespace, digits, sets its identifiers apart from those of all other histories. */
export function randomPlan(
  random: Random,
  namespace: string,
  { maxCallers = 5, maxCallsEach = 2, values = 3, keepsApart = false }: PlanOptions = {},
): Plan {
  return Array.from({ length: 2 + random.below(maxCallers - 1) }, () =>
    Array.from({ length: 1 + random.below(maxCallsEach) }, () => randomStep(random, namespace, values, keepsApart)),
  )
}

function randomStep(random: Random, namespace: string, values: number, keepsApart: boolean): Step {
  const request = randomRequest(random, namespace, values)
  if (!keepsApart || request.email === null || request.phoneNumber === null || !random.chance(0.25)) return request
  return { ...request, keepsApart }
}

/** Two in three carry both values. */
export function randomRequest(random: Random, namespace: string, values: number): OracleRequest {
  const email = `e${random.below(values)}@${namespace}.example`
  const phoneNumber = `${namespace}${random.below(values)}`
  const kind = random.below(6)
  return { email: kind === 5 ? null : email, phoneNumber: kind === 4 ? null : phoneNumber }
}
