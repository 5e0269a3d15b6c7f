import type { PolicyChoices } from '../../rule-store.ts'
import type { Client } from '../client.ts'

/**
 * Counts a change of a workspace's policy, and makes the row where there is none. Whoever changes rules sends this first
 * of all: its lock is what they take turns by.
 */
export async function touchPolicy(db: Client, workspaceId: number): Promise<void> {
  await db`
    /* identity:touch-policy */
    insert into policy as p (workspace_id, updated_at) values (${workspaceId}, clock_timestamp())
    on conflict (workspace_id) do update set version = p.version + 1, updated_at = clock_timestamp()`
}

/** Writes the whole of what a workspace asks for. */
export async function writePolicy(db: Client, workspaceId: number, choices: PolicyChoices): Promise<void> {
  await db`
    /* identity:write-policy */
    update policy set block_junk = ${choices.blockJunk}, max_emails = ${choices.maxEmails},
      max_phone_numbers = ${choices.maxPhoneNumbers}, refusal_priority = ${choices.refusalPriority},
      suspect_threshold = ${choices.suspectThreshold}, block_suspects = ${choices.blockSuspects}
    where workspace_id = ${workspaceId}`
}

/** Says that merges have separations to look for from now on. */
export async function expectSeparations(db: Client, workspaceId: number): Promise<void> {
  await db`
    /* identity:expect-separations */
    update policy set has_separations = true where workspace_id = ${workspaceId}`
}
