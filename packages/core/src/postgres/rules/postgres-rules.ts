import { setTimeout as delay } from 'node:timers/promises'
import { blockPattern } from '../../block-pattern.ts'
import { NO_ORIGIN, type Origin } from '../../event.ts'
import type { IdentifierKind } from '../../identifier.ts'
import { NO_CHOICES, policyOf } from '../../policy.ts'
import {
  type BlockPreview,
  type CountedRefusal,
  type KeptBlockRule,
  type KeptSeparation,
  type PolicyChoices,
  type PreviewedRule,
  type RefusalQuery,
  type RuleStore,
  type SeparationQuery,
  sameContact,
  tooManyRules,
} from '../../rule-store.ts'
import type { Client } from '../client.ts'
import { inWorkspace } from '../isolation.ts'
import type { Pool } from '../pool.ts'
import { type RetryEvent, withRetry } from '../retry.ts'
import { listRefusals } from '../statements/list-refusals.ts'
import {
  type BlockRuleRow,
  type PolicyRow,
  PRESET_PATTERN,
  readBlockRules,
  readPolicy,
} from '../statements/read-policy.ts'
import { expectSeparations, touchPolicy, writePolicy } from '../statements/write-policy.ts'
import { listSeparations } from '../statements/write-separation.ts'
import { begin, commit } from '../transaction.ts'
import { awaitWriters } from './await-writers.ts'
import { addRule, removeRule } from './block-rules.ts'
import { previewBlock } from './preview-block.ts'
import { RULES_SETTLE_MS, SURELY_IN_FORCE_AFTER_MS } from './rule-book.ts'
import { releaseSeparation, separate } from './separate.ts'

export interface PostgresRulesOptions {
  /**
   * How long a call may take, retries included, and how long what is under way may then, milliseconds; beside what it waits
   * for the servers. @default 5,000
   */
  readonly timeoutMs?: number | undefined
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
  /** Called when a transaction of a workspace has been committed. */
  readonly onWritten?: ((workspaceId: number) => void) | undefined
}

/** What workspaces refuse and block, in PostgreSQL: docs/decisions/0028-a-change-of-rules-is-waited-out.md. */
export class PostgresRules implements RuleStore {
  readonly #pool: Pool
  readonly #options: PostgresRulesOptions
  /** Workspaces whose merges look for separations on every server, as this process has waited for. */
  readonly #expecting = new Set<number>()

  constructor(pool: Pool, options: PostgresRulesOptions = {}) {
    this.#pool = pool
    this.#options = options
  }

  async policy(workspaceId: number): Promise<PolicyChoices> {
    return choicesOf(await this.#run(workspaceId, (db) => readPolicy(db, workspaceId)))
  }

  async setPolicy(
    workspaceId: number,
    choices: Partial<PolicyChoices>,
    origin: Origin = NO_ORIGIN,
  ): Promise<PolicyChoices> {
    return this.#change(workspaceId, async (db) => {
      const before = choicesOf(await readPolicy(db, workspaceId))
      const after = { ...before, ...choices }
      policyOf({ ...after, rules: [] })
      await writePolicy(db, workspaceId, after)
      if (after.blockJunk && !before.blockJunk) {
        if (!(await addRule(db, workspaceId, 'email', PRESET_PATTERN, origin))) throw tooManyRules()
      }
      if (before.blockJunk && !after.blockJunk) {
        const preset = (await readBlockRules(db, workspaceId)).find(({ pattern }) => pattern === PRESET_PATTERN)
        if (preset) await removeRule(db, workspaceId, preset.id, origin)
      }
      return after
    })
  }

  async blockRules(workspaceId: number): Promise<KeptBlockRule[]> {
    const rows = await this.#run(workspaceId, (db) => readBlockRules(db, workspaceId))
    return rows.filter(({ pattern }) => pattern !== PRESET_PATTERN).map(keptRule)
  }

  async addBlockRule(
    workspaceId: number,
    kind: IdentifierKind,
    pattern: string,
    origin: Origin = NO_ORIGIN,
  ): Promise<KeptBlockRule> {
    blockPattern(kind, pattern)
    return this.#change(workspaceId, async (db) => {
      const rule = await addRule(db, workspaceId, kind, pattern, origin)
      if (!rule) throw tooManyRules()
      return keptRule(rule)
    })
  }

  removeBlockRule(workspaceId: number, id: number, origin: Origin = NO_ORIGIN): Promise<boolean> {
    return this.#change(workspaceId, (db) => removeRule(db, workspaceId, id, origin))
  }

  previewBlock(workspaceId: number, rule: PreviewedRule): Promise<BlockPreview> {
    return previewBlock((work) => this.#run(workspaceId, work), workspaceId, rule)
  }

  async separate(
    workspaceId: number,
    pair: readonly [number, number],
    origin: Origin = NO_ORIGIN,
  ): Promise<KeptSeparation> {
    if (pair[0] === pair[1]) throw sameContact(pair[0])
    await this.expectSeparations(workspaceId)
    const kept = await this.#run(workspaceId, (db) => separate(db, workspaceId, pair, origin))
    this.#options.onWritten?.(workspaceId)
    return kept
  }

  /** Before the first separation of a workspace: from then on, merges on every server look for separations. */
  async expectSeparations(workspaceId: number): Promise<void> {
    if (this.#expecting.has(workspaceId)) return
    const row = await this.#run(workspaceId, (db) => readPolicy(db, workspaceId))
    if (!row?.hasSeparations) await this.#change(workspaceId, (db) => expectSeparations(db, workspaceId))
    // Another call may have written so a moment ago, and be waiting itself.
    else if (row.ageMs < SURELY_IN_FORCE_AFTER_MS) await delay(RULES_SETTLE_MS)
    this.#expecting.add(workspaceId)
  }

  separations(workspaceId: number, query: SeparationQuery): Promise<KeptSeparation[]> {
    return this.#run(workspaceId, (db) => listSeparations(db, workspaceId, query))
  }

  async releaseSeparation(workspaceId: number, id: number, origin: Origin = NO_ORIGIN): Promise<boolean> {
    const wasThere = await this.#run(workspaceId, (db) => releaseSeparation(db, workspaceId, id, origin))
    this.#options.onWritten?.(workspaceId)
    return wasThere
  }

  refusals(workspaceId: number, query: RefusalQuery): Promise<CountedRefusal[]> {
    return this.#run(workspaceId, (db) => listRefusals(db, workspaceId, query))
  }

  /** Changes rules in one transaction, and waits until every server works by it, and nothing by what was before can be committed. */
  async #change<T>(workspaceId: number, work: (db: Client) => Promise<T>): Promise<T> {
    const result = await this.#run(workspaceId, async (db) => {
      await begin(db)
      await touchPolicy(db, workspaceId)
      const result = await work(db)
      await commit(db)
      return result
    })
    this.#options.onWritten?.(workspaceId)
    await delay(RULES_SETTLE_MS)
    await awaitWriters((work) => this.#run(workspaceId, work), Date.now() + this.#timeoutMs)
    return result
  }

  get #timeoutMs(): number {
    return this.#options.timeoutMs ?? 5_000
  }

  #run<T>(workspaceId: number, work: (db: Client) => Promise<T>): Promise<T> {
    const deadlineMs = Date.now() + this.#timeoutMs
    return withRetry(() => inWorkspace(this.#pool, workspaceId, work), { deadlineMs, onRetry: this.#options.onRetry })
  }
}

function choicesOf(row: PolicyRow | null): PolicyChoices {
  const { blockJunk, maxEmails, maxPhoneNumbers, refusalPriority, suspectThreshold, blockSuspects } = row ?? NO_CHOICES
  return { blockJunk, maxEmails, maxPhoneNumbers, refusalPriority, suspectThreshold, blockSuspects }
}

function keptRule({ id, kind, pattern, createdAt, actor, appliedUpTo }: BlockRuleRow): KeptBlockRule {
  return { id, kind, pattern, createdAt, actor, isApplied: appliedUpTo === null }
}
