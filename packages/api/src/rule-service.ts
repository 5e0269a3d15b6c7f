import {
  canonicalPattern,
  type KeptBlockRule,
  type KeptSeparation,
  type Origin,
  type PhoneRegion,
  type RuleStore,
} from '@identity/core'
import type {
  BlockPreview,
  BlockRule,
  BlockRuleList,
  NewBlockRule,
  NewSeparation,
  Policy,
  PolicyChange,
  PreviewedBlock,
  RefusalList,
  RefusalsQuery,
  Removal,
  RuleOperations,
  Separation,
  SeparationList,
  SeparationsQuery,
} from './rule-types.ts'

/** What a list has where nothing is said. */
const DEFAULT_LIMIT = 100

export interface RuleServiceOptions {
  store: RuleStore
  workspaceId: number
  /** Where phone numbers without a country code are taken to be. */
  defaultRegion: PhoneRegion | undefined
}

/** What can be done about a workspace's rules, whatever the transport: patterns become canonical, the store answers. */
export class RuleService implements RuleOperations {
  readonly #store: RuleStore
  readonly #workspaceId: number
  readonly #defaultRegion: PhoneRegion | undefined

  constructor({ store, workspaceId, defaultRegion }: RuleServiceOptions) {
    this.#store = store
    this.#workspaceId = workspaceId
    this.#defaultRegion = defaultRegion
  }

  getPolicy(): Promise<Policy> {
    return this.#store.policy(this.#workspaceId)
  }

  setPolicy(change: PolicyChange, origin?: Origin): Promise<Policy> {
    const said = Object.entries(change).filter(([, value]) => value !== undefined)
    return this.#store.setPolicy(this.#workspaceId, Object.fromEntries(said), origin)
  }

  async listBlockRules(): Promise<BlockRuleList> {
    return { rules: (await this.#store.blockRules(this.#workspaceId)).map(shownRule) }
  }

  async addBlockRule(rule: NewBlockRule, origin?: Origin): Promise<BlockRule> {
    const { kind, pattern } = this.#canonical(rule)
    return shownRule(await this.#store.addBlockRule(this.#workspaceId, kind, pattern, origin))
  }

  async removeBlockRule({ id }: { id: number }, origin?: Origin): Promise<Removal> {
    return { removed: await this.#store.removeBlockRule(this.#workspaceId, id, origin) }
  }

  async previewBlockRule(rule: PreviewedBlock): Promise<BlockPreview> {
    const previewed = 'preset' in rule ? rule : this.#canonical(rule)
    const { sample, ...counts } = await this.#store.previewBlock(this.#workspaceId, previewed)
    return { ...counts, sample: [...sample] }
  }

  async createSeparation({ contactIds }: NewSeparation, origin?: Origin): Promise<Separation> {
    return shownSeparation(await this.#store.separate(this.#workspaceId, contactIds, origin))
  }

  async listSeparations({ contactId, after, limit = DEFAULT_LIMIT }: SeparationsQuery): Promise<SeparationList> {
    const separations = await this.#store.separations(this.#workspaceId, { contactId, after, limit })
    return { separations: separations.map(shownSeparation) }
  }

  async releaseSeparation({ id }: { id: number }, origin?: Origin): Promise<Removal> {
    return { removed: await this.#store.releaseSeparation(this.#workspaceId, id, origin) }
  }

  async listRefusals({ after, limit = DEFAULT_LIMIT }: RefusalsQuery): Promise<RefusalList> {
    const refusals = await this.#store.refusals(this.#workspaceId, { after, limit })
    return {
      refusals: refusals.map(({ firstAt, lastAt, ...rest }) => ({
        ...rest,
        firstAt: firstAt.toISOString(),
        lastAt: lastAt.toISOString(),
      })),
    }
  }

  #canonical({ kind, pattern }: NewBlockRule): NewBlockRule {
    return { kind, pattern: canonicalPattern(kind, pattern, { defaultRegion: this.#defaultRegion }) }
  }
}

function shownRule({ createdAt, ...rule }: KeptBlockRule): BlockRule {
  return { ...rule, createdAt: createdAt.toISOString() }
}

function shownSeparation({ id, contactIds: [one, other], createdAt, actor }: KeptSeparation): Separation {
  return { id, contactIds: [one, other], createdAt: createdAt.toISOString(), actor }
}
