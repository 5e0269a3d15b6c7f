import type { IdentifierKind } from '../../identifier.ts'
import type { Client } from '../client.ts'
import type { BlockRuleRow } from './read-policy.ts'

/** Adds a block rule that nothing is applied of yet. */
export async function insertBlockRule(
  db: Client,
  workspaceId: number,
  kind: IdentifierKind,
  pattern: string,
  actor: string | null,
): Promise<BlockRuleRow> {
  const [row] = await db<[BlockRuleRow]>`
    /* identity:insert-block-rule */
    insert into block_rule (workspace_id, kind, pattern, actor, created_at)
    values (${workspaceId}, ${kind}, ${pattern}, ${actor}, clock_timestamp())
    returning id, kind, pattern, created_at as "createdAt", actor, applied_up_to as "appliedUpTo"`
  return row
}

/** @returns whether there was such a rule */
export async function deleteBlockRule(db: Client, workspaceId: number, id: number): Promise<boolean> {
  const { count } = await db`
    /* identity:delete-block-rule */
    delete from block_rule where workspace_id = ${workspaceId} and id = ${id}`
  return count > 0
}
