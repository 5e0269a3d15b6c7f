import type { BlockRule } from '../../block-list.ts'
import { JUNK } from '../../junk.ts'
import type { PolicySettings } from '../../policy.ts'
import type { Client } from '../client.ts'

/** A workspace's policy as its row has it. */
export interface PolicyRow extends Omit<PolicySettings, 'rules'> {
  readonly version: number
  readonly hasSeparations: boolean
  /** Since it was changed, by the database's clock. */
  readonly ageMs: number
}

/** How often the policy of each of these workspaces has been changed; those that never had one are left out. */
export async function readPolicyVersions(db: Client, workspaceIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await db<Array<{ workspace_id: number; version: number }>>`
    /* identity:read-policy-versions */
    select workspace_id, version from policy where workspace_id = any(${[...workspaceIds]}::bigint[])`
  return new Map(rows.map(({ workspace_id, version }) => [workspace_id, version]))
}

/** The policy of a workspace; null where it never had one. */
export async function readPolicy(db: Client, workspaceId: number): Promise<PolicyRow | null> {
  const [row] = await db<PolicyRow[]>`
    /* identity:read-policy */
    select version, block_junk as "blockJunk", max_emails as "maxEmails", max_phone_numbers as "maxPhoneNumbers",
      refusal_priority as "refusalPriority", suspect_threshold as "suspectThreshold",
      block_suspects as "blockSuspects", has_separations as "hasSeparations",
      date_part('epoch', clock_timestamp() - updated_at) * 1000 as "ageMs"
    from policy where workspace_id = ${workspaceId}`
  return row ?? null
}

/** A block rule as its row has it. */
export interface BlockRuleRow extends BlockRule {
  readonly id: number
  readonly createdAt: Date
  readonly actor: string | null
  /** Null: it has been applied to all there was before it. */
  readonly appliedUpTo: number | null
}

/** Whose pattern is empty stands for the preset, which has rules but no rows: so it is applied like any other. */
export const PRESET_PATTERN = ''

/** The block rules of a workspace, oldest first, the preset's row among them where it is switched on. */
export async function readBlockRules(db: Client, workspaceId: number): Promise<BlockRuleRow[]> {
  return db<BlockRuleRow[]>`
    /* identity:read-block-rules */
    select id, kind, pattern, created_at as "createdAt", actor, applied_up_to as "appliedUpTo"
    from block_rule where workspace_id = ${workspaceId} order by id`
}

/** The rules that a row stands for. */
export function valueRulesOf(row: BlockRule): readonly BlockRule[] {
  return row.pattern === PRESET_PATTERN ? JUNK : [row]
}
