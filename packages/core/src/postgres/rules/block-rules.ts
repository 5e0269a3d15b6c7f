import type { Origin } from '../../event.ts'
import type { Identifier, IdentifierKind } from '../../identifier.ts'
import { MAX_BLOCK_RULES } from '../../rule-store.ts'
import type { Client } from '../client.ts'
import { recordEvent } from '../events/record-event.ts'
import { type BlockRuleRow, readBlockRules } from '../statements/read-policy.ts'
import { deleteBlockRule, insertBlockRule } from '../statements/write-block-rule.ts'
import { touchPolicy } from '../statements/write-policy.ts'

/*
 * Parts of transactions that have touched the workspace's policy: whoever changes its rules takes turns by that lock.
 */

/** Adds a rule with its event, or finds the one of this pattern; null where there are as many as there may be. */
export async function addRule(
  db: Client,
  workspaceId: number,
  kind: IdentifierKind,
  pattern: string,
  origin: Origin,
): Promise<BlockRuleRow | null> {
  const rules = await readBlockRules(db, workspaceId)
  const known = rules.find((rule) => rule.kind === kind && rule.pattern === pattern)
  if (known) return known
  if (rules.length >= MAX_BLOCK_RULES) return null
  const added = await insertBlockRule(db, workspaceId, kind, pattern, origin.actor)
  await recordEvent(db, workspaceId, { type: 'identifier.blocked', ruleId: added.id }, origin)
  return added
}

/** Removes a rule, with its event. @returns whether there was such a rule */
export async function removeRule(db: Client, workspaceId: number, id: number, origin: Origin): Promise<boolean> {
  const wasThere = await deleteBlockRule(db, workspaceId, id)
  if (wasThere) await recordEvent(db, workspaceId, { type: 'identifier.unblocked', ruleId: id }, origin)
  return wasThere
}

/** Blocks suspects by their exact values. Where there are as many rules as there may be, they are told and no more. */
export async function blockSuspects(
  db: Client,
  workspaceId: number,
  suspects: readonly Identifier[],
  origin: Origin,
): Promise<void> {
  await touchPolicy(db, workspaceId)
  for (const { kind, value } of suspects) await addRule(db, workspaceId, kind, value, origin)
}
