import type { RestOperation } from '../../operation.ts'
import { addBlockRule, listBlockRules, previewBlockRule, removeBlockRule } from './block-rules.ts'
import { getPolicy, updatePolicy } from './policy.ts'
import { listRefusals } from './refusals.ts'
import { createSeparation, listSeparations, releaseSeparation } from './separations.ts'

/** What a workspace refuses and blocks, over plain HTTP. */
export const RULE_OPERATIONS: readonly RestOperation[] = [
  getPolicy,
  updatePolicy,
  listBlockRules,
  addBlockRule,
  removeBlockRule,
  previewBlockRule,
  listSeparations,
  createSeparation,
  releaseSeparation,
  listRefusals,
]
