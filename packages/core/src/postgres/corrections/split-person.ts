import { planSplit, type SplitQuery, splitCorrection } from '../../correction.ts'
import type { SplitResult } from '../../corrections.ts'
import type { Pool } from '../pool.ts'
import { insertSeparation } from '../statements/insert-separation.ts'
import { type CorrectOptions, correct } from './correct.ts'

/** Makes contacts a person of their own. @throws IdentityError */
export function splitPerson(
  pool: Pool,
  workspaceId: number,
  query: SplitQuery,
  options: CorrectOptions,
): Promise<SplitResult> {
  return correct(
    pool,
    workspaceId,
    () => ({ contactIds: query.contactIds }),
    async (held) => {
      const plan = planSplit(held, query)
      if (!plan.separation || options.dryRun) return splitCorrection(plan, null)
      const stamp = { actor: options.origin?.actor ?? null, at: held.at }
      return splitCorrection(plan, await insertSeparation(held.client, workspaceId, plan.separation, stamp))
    },
    options,
  )
}
