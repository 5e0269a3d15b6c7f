import { BlockList } from '../../block-list.ts'
import { bridgesWithin } from '../../bridge.ts'
import { comeApart } from '../../come-apart.ts'
import { divisionWrites } from '../../correction.ts'
import { splitEvents } from '../../divide.ts'
import { identifiersOf } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { correct } from '../corrections/correct.ts'
import { acrossWorkspaces, inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
import { type RetryOptions, withRetry } from '../retry.ts'
import { advanceBlockRules, listPendingWorkspaces, readPendingRules } from '../statements/pending-block-rules.ts'
import { readContactPage } from '../statements/read-contact-page.ts'
import { valueRulesOf } from '../statements/read-policy.ts'
import { IN_FORCE_AFTER_MS } from './rule-book.ts'

/** Contacts that one step looks at. */
const PAGE_SIZE = 1_000
/** Persons that one transaction takes. Those that a step has beyond are taken by the transactions after it. */
const PERSONS_A_TRANSACTION = 20

export interface ApplyOptions {
  readonly retry: RetryOptions
}

/** The workspaces that have block rules which are not applied to all there is. */
export function workspacesToApply(pool: Pool): Promise<number[]> {
  return acrossWorkspaces(pool, listPendingWorkspaces)
}

/**
 * Applies a workspace's pending rules to the next contacts, by their ids: their persons lose what is blocked, and whom only
 * that held together come apart. How far it has come is kept after each step, so that whoever goes on later, or beside it,
 * repeats at most one; to do what is done again changes nothing.
 * @returns whether there is more to do; `wait` where a rule is too young to be in force on every server
 */
export async function applyBlocks(
  pool: Pool,
  workspaceId: number,
  { retry }: ApplyOptions,
): Promise<'more' | 'wait' | 'done'> {
  const run = <T>(work: (db: Client) => Promise<T>) => withRetry(() => inWorkspace(pool, workspaceId, work), retry)
  const { rules, youngestMs } = await run((db) => readPendingRules(db, workspaceId))
  if (rules.length === 0) return 'done'
  // What they have to be applied to is all there.
  const ripe = rules.filter(({ ageMs }) => ageMs >= IN_FORCE_AFTER_MS)
  if (ripe.length === 0) return 'wait'
  const { isBlocked } = new BlockList(ripe.flatMap(valueRulesOf))
  const afterId = Math.min(...ripe.map(({ appliedUpTo }) => appliedUpTo))
  const page = await run((db) => readContactPage(db, { workspaceId, afterId, limit: PAGE_SIZE }))
  const contactIds = page.filter((contact) => identifiersOf(contact).some(isBlocked)).map(({ id }) => id)
  for (let start = 0; start < contactIds.length; start += PERSONS_A_TRANSACTION) {
    const some = { contactIds: contactIds.slice(start, start + PERSONS_A_TRANSACTION) }
    await correct(
      pool,
      workspaceId,
      () => some,
      ({ persons, bridges, at }) => {
        const divisions = persons.flatMap((former) => {
          const division = comeApart(former, bridgesWithin(former, bridges), isBlocked, at)
          return division ? [{ former, division }] : []
        })
        return {
          result: undefined,
          ...divisionWrites(divisions.map(({ division }) => division)),
          events: divisions.flatMap(({ former, division }) => splitEvents(former, division, 'block')),
        }
      },
      { retry },
    )
  }
  const upTo = page.length < PAGE_SIZE ? null : page.at(-1)!.id
  const ids = ripe.map(({ id }) => id)
  await run((db) => advanceBlockRules(db, workspaceId, ids, upTo))
  if (upTo !== null) return 'more'
  return youngestMs < IN_FORCE_AFTER_MS ? 'wait' : 'done'
}
