import { planSplit, type SplitQuery, splitCorrection } from '../../correction.ts'
import type { SplitResult } from '../../corrections.ts'
import type { Pool } from '../pool.ts'
import { keepApart } from '../statements/write-separation.ts'
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
      const { kept } = await keepApart(held.client, workspaceId, plan.separation, options.origin?.actor ?? null)
      return splitCorrection(plan, kept.id)
    },
    options,
  )
}
