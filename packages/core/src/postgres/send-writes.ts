import { NO_ORIGIN } from '../event.ts'
import { refusalEvents, tally } from '../refusal-counts.ts'
import type { WorkingSet } from '../working-set.ts'
import type { Client } from './client.ts'
import type { Writes } from './reconcile-batch.ts'
import { blockSuspects } from './rules/block-rules.ts'
import { countRefusals } from './statements/count-refusals.ts'
import { insertBridges } from './statements/insert-bridges.ts'
import { insertChange } from './statements/insert-change.ts'
import { insertContacts } from './statements/insert-contacts.ts'
import { relinkContacts } from './statements/relink-contacts.ts'
import { unclaimOfDeleted } from './statements/unclaim-identifiers.ts'

/** Counts what was refused; which of it is told as events, only the counts say. */
async function writeRefusals(client: Client, workspaceId: number, writes: Writes, at: Date): Promise<void> {
  const tallied = tally(writes.refusals)
  const totals = await countRefusals(client, workspaceId, tallied, at)
  writes.events.push(...refusalEvents(writes.refusals, tallied, totals))
}

/** Writes what only rules bring, where they did: none of it in workspaces without. */
export async function writeByRules(client: Client, workspaceId: number, writes: Writes, at: Date): Promise<void> {
  if (writes.refusals.length > 0) await writeRefusals(client, workspaceId, writes, at)
  if (writes.suspects.length > 0) await blockSuspects(client, workspaceId, writes.suspects, NO_ORIGIN)
}

/** Sends what requests come to, without waiting for it: the statements in their order, false for those there is no need of. */
export function sendWrites(
  client: Client,
  workspaceId: number,
  persons: WorkingSet,
  writes: Writes,
  at: Date,
): Array<Promise<unknown> | false> {
  const { claims, events, bridges } = writes
  const added = [...writes.added.values()]
  const changed = [...writes.changed.values()]
  const retired = claims.filter((claim) => persons.isRetired(claim))
  return [
    retired.length > 0 && unclaimOfDeleted(client, workspaceId, retired),
    added.length > 0 && insertContacts(client, workspaceId, added, claims, at),
    changed.length > 0 && relinkContacts(client, workspaceId, changed, at),
    bridges.length > 0 && insertBridges(client, workspaceId, bridges, at),
    events.length > 0 && insertChange(client, workspaceId, events, at),
  ]
}
