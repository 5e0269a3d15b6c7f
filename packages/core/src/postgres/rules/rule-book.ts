import { type Policy, policyOf } from '../../policy.ts'
import type { Client } from '../client.ts'
import { FreshCopies, type FreshCopiesOptions, MAX_AGE_MS } from '../fresh-copies.ts'
import { acrossWorkspaces, inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
import { RulesOutdated } from '../retry.ts'
import { PRESET_PATTERN, readBlockRules, readPolicy, readPolicyVersions } from '../statements/read-policy.ts'

/** What a workspace refuses and blocks, made ready for requests. */
export interface WorkspaceRules {
  readonly policy: Policy
  /** Whether it has ever had a separation; without one, no merge looks for any. */
  readonly hasSeparations: boolean
}

/** Where the engine has the rules from. */
export interface RuleSource {
  /**
   * The rules of a workspace; undefined where it has none. At once where they were read lately.
   * @throws IdentityError `unavailable`
   */
  of(workspaceId: number): WorkspaceRules | undefined | Promise<WorkspaceRules | undefined>
  /** True where these are still the workspace's rules as they were read lately: what was done by them may be kept. */
  isCurrent(workspaceId: number, rules: WorkspaceRules | undefined): boolean
}

/**
 * Makes sure that what was done by these rules may be kept. A copy that has grown too old meanwhile, as in a slow
 * statement, is asked for again: mostly nothing has changed.
 * @throws RulesOutdated where they have changed
 */
export async function stillInForce(
  source: RuleSource,
  workspaceId: number,
  rules: WorkspaceRules | undefined,
): Promise<void> {
  if (!source.isCurrent(workspaceId, rules) && (await source.of(workspaceId)) !== rules) throw new RulesOutdated()
}

/** Beyond the age of the copies: for what `awaitWriters` does not see, on the other nodes of a distributed database. */
const COMMIT_MS = 200

/** After so long, every server works by what was changed: nobody has a copy from before. */
export const RULES_SETTLE_MS = MAX_AGE_MS + COMMIT_MS

/**
 * A change that was written so long ago, by the database's clock, is in force everywhere. Its time is that of its statement,
 * and its COMMIT may be late: no younger one says since when servers can have known of it.
 */
export const SURELY_IN_FORCE_AFTER_MS = 60_000

interface Copy {
  readonly version: number
  readonly rules: WorkspaceRules | undefined
}

/**
 * Rules as the database had them less than a second ago, so that a request costs no round trip for them. One small
 * statement asks for the versions of all workspaces in use; what has changed is read anew.
 */
export class RuleBook implements RuleSource {
  readonly #pool: Pool
  readonly #copies: FreshCopies<number, Copy>

  constructor(pool: Pool, options: FreshCopiesOptions = {}) {
    this.#pool = pool
    this.#copies = new FreshCopies((workspaceIds) => this.#ask(workspaceIds), options)
  }

  of(workspaceId: number): WorkspaceRules | undefined | Promise<WorkspaceRules | undefined> {
    const copy = this.#copies.find(workspaceId)
    return copy instanceof Promise ? copy.then((read) => read?.rules) : copy?.rules
  }

  isCurrent(workspaceId: number, rules: WorkspaceRules | undefined): boolean {
    return this.#copies.isCurrent(workspaceId) && this.#copies.peek(workspaceId)?.rules === rules
  }

  async #ask(workspaceIds: readonly number[]): Promise<Map<number, Copy>> {
    const versions = await acrossWorkspaces(this.#pool, (client) => readPolicyVersions(client, workspaceIds))
    const copies = new Map<number, Copy>()
    for (const [workspaceId, version] of versions) {
      const copy = this.#copies.peek(workspaceId)
      copies.set(workspaceId, copy?.version === version ? copy : await this.#read(workspaceId, version))
    }
    return copies
  }

  async #read(workspaceId: number, version: number): Promise<Copy> {
    return { version, rules: await inWorkspace(this.#pool, workspaceId, (client) => readRules(client, workspaceId)) }
  }
}

/** The rules of a workspace as they are; undefined where it has none. */
export async function readRules(db: Client, workspaceId: number): Promise<WorkspaceRules | undefined> {
  // In this order: the rules are at least as new as the version.
  const [row, rules] = await Promise.all([readPolicy(db, workspaceId), readBlockRules(db, workspaceId)])
  if (!row) return undefined
  const policy = policyOf({ ...row, rules: rules.filter(({ pattern }) => pattern !== PRESET_PATTERN) })
  const { blocked, limits, suspectThreshold } = policy
  const isEmpty = !blocked && limits.email === null && limits.phone === null && suspectThreshold === null
  return isEmpty && !row.hasSeparations ? undefined : { policy, hasSeparations: row.hasSeparations }
}
