import { setTimeout as delay } from 'node:timers/promises'
import { BlockList } from '../../block-list.ts'
import { bridgesWithin } from '../../bridge.ts'
import { comeApart } from '../../come-apart.ts'
import type { Contact } from '../../contact.ts'
import { divisionWrites } from '../../correction.ts'
import { splitEvents } from '../../divide.ts'
import { type Identifier, identifiersOf } from '../../identifier.ts'
import type { Client } from '../client.ts'
import { correct } from '../corrections/correct.ts'
import type { CorrectionTarget } from '../corrections/lock.ts'
import { acrossWorkspaces, inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
import { withRetry } from '../retry.ts'
import { endBlockRules, listPendingWorkspaces, readPendingRules } from '../statements/pending-block-rules.ts'
import { readDeletedPage } from '../statements/read-deleted-page.ts'
import { valueRulesOf } from '../statements/read-policy.ts'
import { awaitWriters } from './await-writers.ts'
import { findBlocked } from './find-blocked.ts'
import { RULES_SETTLE_MS, SURELY_IN_FORCE_AFTER_MS } from './rule-book.ts'
import type { Run } from './run.ts'

/** Values, or deleted contacts, that one step takes. */
const STEP_SIZE = 1_000
/** Values, or deleted contacts, that one transaction takes with their persons. */
const TOGETHER = 20

export interface ApplyOptions {
  /** How long a step is repeated while the database is away, milliseconds. */
  readonly patienceMs: number
}

/** The workspaces that have block rules which are not applied to all there is. */
export function workspacesToApply(pool: Pool): Promise<number[]> {
  return acrossWorkspaces(pool, listPendingWorkspaces)
}

/**
 * Applies a workspace's pending rules to the persons there are: they lose what is blocked, and whom only that held together
 * come apart. Yields after each step, so that the caller can pause or stop. To do what is done again changes nothing: a
 * value that is released is claimed no more, and is not found again.
 * @returns `wait` where something is left for later, as the rules have changed
 */
export async function* applyBlocks(
  pool: Pool,
  workspaceId: number,
  { patienceMs }: ApplyOptions,
): AsyncGenerator<void, 'wait' | 'done'> {
  const retry = () => ({ deadlineMs: Date.now() + patienceMs })
  const run: Run = (work) => withRetry(() => inWorkspace(pool, workspaceId, work), retry())
  const rules = await run((db) => readPendingRules(db, workspaceId))
  if (rules.length === 0) return 'done'
  // From when they can be read, it takes so long until no server works by what was before.
  if (rules.some(({ ageMs }) => ageMs < SURELY_IN_FORCE_AFTER_MS)) await delay(RULES_SETTLE_MS)
  // What they have to be applied to is all there.
  await awaitWriters(run, retry().deadlineMs)
  const valueRules = rules.flatMap(valueRulesOf)
  const { isBlocked } = new BlockList(valueRules)
  const ids = rules.map(({ id }) => id)
  // One may have been removed meanwhile, or another server has done it all.
  const arePending = async (db: Client) => {
    const pending = new Set((await readPendingRules(db, workspaceId)).map(({ id }) => id))
    return ids.every((id) => pending.has(id))
  }
  for await (const targets of findTargets(run, workspaceId, valueRules, isBlocked)) {
    for (const target of targets) {
      if (!(await takeApart(pool, workspaceId, target, { isBlocked, arePending }, retry()))) return 'wait'
    }
    yield
    if (!(await run(arePending))) return 'wait'
  }
  await run((db) => endBlockRules(db, workspaceId, ids))
  return 'done'
}

/**
 * Whose persons may have to come apart. Whatever links somebody is claimed, by which it is found. On deleted contacts it need
 * not be; they come last, so that those which are deleted meanwhile are among them.
 */
async function* findTargets(
  run: Run,
  workspaceId: number,
  rules: Parameters<typeof findBlocked>[2],
  isBlocked: (identifier: Identifier) => boolean,
): AsyncGenerator<CorrectionTarget[]> {
  for await (const { identifiers } of findBlocked(run, workspaceId, rules)) {
    for (const step of identifiers.length > 0 ? inGroups(identifiers, STEP_SIZE) : [[]]) {
      yield inGroups(step, TOGETHER).map((group) => ({ contactIds: [], identifiers: group }))
    }
  }
  for (let after: Contact | null = null; ; ) {
    const page = { workspaceId, after, limit: STEP_SIZE }
    const contacts: Contact[] = await run((db) => readDeletedPage(db, page))
    const blocked = contacts.filter((contact) => identifiersOf(contact).some(isBlocked))
    const ids = blocked.map(({ id }) => id)
    yield inGroups(ids, TOGETHER).map((contactIds) => ({ contactIds }))
    if (contacts.length < STEP_SIZE) return
    after = contacts.at(-1)!
  }
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size))
}

/**
 * In one transaction that takes identify's locks, and looks at the rules under them: whoever removes a rule waits for those
 * that have such locks, and whoever gets them later sees that it is gone.
 * @returns whether the rules were still to be applied
 */
function takeApart(
  pool: Pool,
  workspaceId: number,
  target: CorrectionTarget,
  rules: {
    readonly isBlocked: (identifier: Identifier) => boolean
    readonly arePending: (db: Client) => Promise<boolean>
  },
  retry: { readonly deadlineMs: number },
): Promise<boolean> {
  return correct(
    pool,
    workspaceId,
    () => target,
    async ({ client, persons, bridges, at }) => {
      if (!(await rules.arePending(client))) return { result: false, events: [] }
      const divisions = persons.flatMap((former) => {
        const division = comeApart(former, bridgesWithin(former, bridges), rules.isBlocked, at)
        return division ? [{ former, division }] : []
      })
      return {
        result: true,
        ...divisionWrites(divisions.map(({ division }) => division)),
        events: divisions.flatMap(({ former, division }) => splitEvents(former, division, 'block')),
      }
    },
    { retry },
  )
}
