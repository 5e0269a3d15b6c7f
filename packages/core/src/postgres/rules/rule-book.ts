import { NO_POLICY, type Policy, policyOf } from '../../policy.ts'
import { FreshCopies, type FreshCopiesOptions, MAX_AGE_MS } from '../fresh-copies.ts'
import { acrossWorkspaces, inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
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

/** Beyond the age of the copies: what lies between the last look at them and COMMIT. */
const COMMIT_MS = 200

/** After so long, every server works by what was changed: nobody has a copy from before. */
export const RULES_SETTLE_MS = MAX_AGE_MS + COMMIT_MS

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
      copies.set(workspaceId, copy?.version === version ? copy : { version, rules: await this.#read(workspaceId) })
    }
    return copies
  }

  async #read(workspaceId: number): Promise<WorkspaceRules | undefined> {
    const [row, rules] = await inWorkspace(this.#pool, workspaceId, (client) =>
      Promise.all([readPolicy(client, workspaceId), readBlockRules(client, workspaceId)]),
    )
    const settings = { ...NO_POLICY, ...row, rules: rules.filter(({ pattern }) => pattern !== PRESET_PATTERN) }
    const policy = policyOf(settings)
    const { blocked, limits, suspectThreshold } = policy
    const hasSeparations = row?.hasSeparations ?? false
    const isEmpty = !blocked && limits.email === null && limits.phone === null && suspectThreshold === null
    return isEmpty && !hasSeparations ? undefined : { policy, hasSeparations }
  }
}
