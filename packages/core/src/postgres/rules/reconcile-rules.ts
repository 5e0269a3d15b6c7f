import type { ReconcileRules } from '../../refusal.ts'
import type { WorkingSet } from '../../working-set.ts'
import type { Client } from '../client.ts'
import { readSeparations } from '../statements/read-separations.ts'
import type { WorkspaceRules } from './rule-book.ts'

/** What a batch's requests meet. */
export interface BatchRules extends ReconcileRules {
  readonly suspectThreshold: number | null
  readonly blockSuspects: boolean
}

/**
 * What the rules refuse of requests about these persons. Their separations are read now: under the locks of the persons,
 * which whoever makes a separation takes as well, none can come to be until the end.
 */
export async function reconcileRules(
  client: Client,
  workspaceId: number,
  { policy, hasSeparations }: WorkspaceRules,
  persons: WorkingSet,
): Promise<BatchRules> {
  const contacts = hasSeparations ? persons.contacts() : []
  const mayMerge = contacts.filter(({ linkedId }) => linkedId === null).length > 1
  const ids = contacts.map(({ id }) => id)
  const separations = mayMerge ? await readSeparations(client, workspaceId, ids) : []
  const { limits, priority, suspectThreshold, blockSuspects } = policy
  return { separations, limits, priority, suspectThreshold, blockSuspects }
}
