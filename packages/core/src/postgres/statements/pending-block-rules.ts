import type { IdentifierKind } from '../../identifier.ts'
import type { Client } from '../client.ts'

/** A block rule that is not applied to all there was before it. */
export interface PendingRule {
  readonly id: number
  readonly kind: IdentifierKind
  readonly pattern: string
  /** By the database's clock. */
  readonly ageMs: number
}

/** The workspaces that have such rules. */
export async function listPendingWorkspaces(db: Client): Promise<number[]> {
  const rows = await db<Array<{ workspace_id: number }>>`
    /* identity:list-pending-workspaces */
    select distinct workspace_id from block_rule where applied_up_to is not null order by workspace_id`
  return rows.map(({ workspace_id }) => workspace_id)
}

/** Those of a workspace, oldest first. */
export async function readPendingRules(db: Client, workspaceId: number): Promise<readonly PendingRule[]> {
  return db<PendingRule[]>`
    /* identity:read-pending-rules */
    select id, kind, pattern,
      date_part('epoch', clock_timestamp() - created_at) * 1000 as "ageMs"
    from block_rule where workspace_id = ${workspaceId} and applied_up_to is not null order by id`
}

/** Keeps that rules have been applied to all there was. */
export async function endBlockRules(db: Client, workspaceId: number, ids: readonly number[]): Promise<void> {
  await db`
    /* identity:end-block-rules */
    update block_rule set applied_up_to = null
    where workspace_id = ${workspaceId} and id = any(${[...ids]}::bigint[])`
}
