import { BlockList, type BlockRule, withoutBlocked } from './block-list.ts'
import { BlockTally } from './block-tally.ts'
import type { CanonicalRequest } from './canonical/request.ts'
import { comeApart } from './come-apart.ts'
import type { Contact } from './contact.ts'
import { splitEvents } from './divide.ts'
import { type IdentityEvent, NO_ORIGIN, type Origin } from './event.ts'
import type { Identifier, IdentifierKind } from './identifier.ts'
import { JUNK } from './junk.ts'
import { type MemoryWorkspace, pairOf } from './memory-corrections.ts'
import type { Person } from './person.ts'
import { NO_CHOICES, NO_POLICY, type Policy, policyOf } from './policy.ts'
import type { ReconcileRules, Refusal } from './refusal.ts'
import { isMilestone, refusedEvent } from './refusal-counts.ts'
import {
  type BlockPreview,
  type CountedRefusal,
  type KeptBlockRule,
  type KeptSeparation,
  MAX_BLOCK_RULES,
  noContactToSeparate,
  onePerson,
  type PolicyChoices,
  type PreviewedRule,
  type RefusalQuery,
  type RuleStore,
  type SeparationQuery,
  sameContact,
  tooManyRules,
} from './rule-store.ts'
import { suspectsOf } from './suspects.ts'
import { WorkingSet } from './working-set.ts'

const NOTHING = { policy: policyOf(NO_POLICY) }

interface Workspace {
  choices: PolicyChoices
  policy: Policy
  readonly rules: KeptBlockRule[]
  /** By which events name the preset while it is switched on. */
  presetId: number
  readonly refusals: Map<string, CountedRefusal>
}

/** The rules of workspaces in memory; what is changed is in force, and applied, at once. */
export class MemoryRules implements RuleStore {
  readonly #persons: (workspaceId: number) => MemoryWorkspace
  readonly #now: () => Date
  readonly #workspaces = new Map<number, Workspace>()
  #lastRuleId = 0

  constructor(persons: (workspaceId: number) => MemoryWorkspace, now: () => Date) {
    this.#persons = persons
    this.#now = now
  }

  /** The request as the rules see it. @throws IdentityError `identifier_blocked` */
  usable(workspaceId: number, request: CanonicalRequest): CanonicalRequest {
    const blocked = this.#workspaces.get(workspaceId)?.policy.blocked
    return blocked ? withoutBlocked(request, blocked) : request
  }

  /** What is refused of requests. */
  reconcileRules(workspaceId: number, separations: readonly KeptSeparation[]): ReconcileRules {
    const { limits, priority } = (this.#workspaces.get(workspaceId) ?? NOTHING).policy
    return { separations, limits, priority }
  }

  /** Which of the contact's identifiers have met too many with it. */
  suspectsOf(workspaceId: number, person: Person, added: Contact): Identifier[] {
    const threshold = this.#workspaces.get(workspaceId)?.policy.suspectThreshold ?? null
    return threshold === null ? [] : suspectsOf(person, added, threshold)
  }

  /** Blocks suspects where the workspace wants that. */
  blockSuspects(workspaceId: number, suspects: readonly Identifier[]): void {
    if (!this.#workspaces.get(workspaceId)?.policy.blockSuspects) return
    // Where there are as many rules as there may be, they are told and no more.
    for (const { kind, value } of suspects) this.#add(workspaceId, kind, value, NO_ORIGIN)
  }

  /** Counts a refusal. @returns its event, where this time is told */
  count(workspaceId: number, refusal: Refusal): IdentityEvent | null {
    const { refusals } = this.#workspace(workspaceId)
    const [personId, otherPersonId] = [refusal.person.root.id, refusal.other?.root.id ?? null]
    const key = `${personId} ${otherPersonId} ${refusal.reason}`
    const now = this.#now()
    const before = refusals.get(key)
    const count = (before?.count ?? 0) + 1
    const { reason } = refusal
    refusals.set(key, { personId, otherPersonId, reason, count, firstAt: before?.firstAt ?? now, lastAt: now })
    return isMilestone(count) ? refusedEvent(refusal, count) : null
  }

  async policy(workspaceId: number): Promise<PolicyChoices> {
    return { ...this.#workspace(workspaceId).choices }
  }

  async setPolicy(workspaceId: number, choices: Partial<PolicyChoices>, origin = NO_ORIGIN): Promise<PolicyChoices> {
    const workspace = this.#workspace(workspaceId)
    const after = { ...workspace.choices, ...choices }
    const policy = policyOf({ ...after, rules: workspace.rules })
    const before = workspace.choices
    if (after.blockJunk && !before.blockJunk && isFull(workspace)) throw tooManyRules()
    workspace.policy = policy
    workspace.choices = after
    if (before.blockJunk !== after.blockJunk) {
      const type = after.blockJunk ? 'identifier.blocked' : 'identifier.unblocked'
      if (after.blockJunk) workspace.presetId = ++this.#lastRuleId
      this.#record(workspaceId, { type, ruleId: workspace.presetId }, origin)
    }
    this.#apply(workspaceId, workspace.policy, origin)
    return { ...after }
  }

  async blockRules(workspaceId: number): Promise<KeptBlockRule[]> {
    return [...this.#workspace(workspaceId).rules]
  }

  async addBlockRule(workspaceId: number, kind: IdentifierKind, pattern: string, origin = NO_ORIGIN) {
    const rule = this.#add(workspaceId, kind, pattern, origin)
    if (!rule) throw tooManyRules()
    return rule
  }

  /** Null where there are as many rules as there may be. */
  #add(workspaceId: number, kind: IdentifierKind, pattern: string, origin: Origin): KeptBlockRule | null {
    const workspace = this.#workspace(workspaceId)
    const known = workspace.rules.find((rule) => rule.kind === kind && rule.pattern === pattern)
    if (known) return known
    if (isFull(workspace)) return null
    const id = this.#lastRuleId + 1
    const rule = { id, kind, pattern, createdAt: this.#now(), actor: origin.actor, isApplied: true }
    workspace.policy = policyOf({ ...workspace.choices, rules: [...workspace.rules, rule] })
    this.#lastRuleId = id
    workspace.rules.push(rule)
    this.#record(workspaceId, { type: 'identifier.blocked', ruleId: id }, origin)
    this.#apply(workspaceId, workspace.policy, origin)
    return rule
  }

  async removeBlockRule(workspaceId: number, id: number, origin = NO_ORIGIN): Promise<boolean> {
    const workspace = this.#workspace(workspaceId)
    const index = workspace.rules.findIndex((rule) => rule.id === id)
    if (index < 0) return false
    workspace.rules.splice(index, 1)
    workspace.policy = policyOf({ ...workspace.choices, rules: workspace.rules })
    this.#record(workspaceId, { type: 'identifier.unblocked', ruleId: id }, origin)
    return true
  }

  async previewBlock(workspaceId: number, rule: PreviewedRule): Promise<BlockPreview> {
    const rules: readonly BlockRule[] = 'preset' in rule ? JUNK : [{ id: null, ...rule }]
    const { isBlocked } = new BlockList(rules)
    const tally = new BlockTally()
    const { persons, bridges } = this.#persons(workspaceId)
    for (const person of persons.persons()) tally.add(person, comeApart(person, bridges, isBlocked, this.#now()))
    return tally.preview({ isComplete: true })
  }

  async separate(workspaceId: number, [one, other]: readonly [number, number], origin = NO_ORIGIN) {
    if (one === other) throw sameContact(one)
    const contactIds = pairOf([one, other])
    const workspace = this.#persons(workspaceId)
    const [person, otherPerson] = contactIds.map((id) => {
      const found = workspace.persons.personOfAny(id)
      if (found) return found
      throw noContactToSeparate(id)
    })
    if (person === otherPerson) throw onePerson()
    const { separations } = workspace
    const known = separations.find((each) => String(each.contactIds) === String(contactIds))
    if (known) return known
    const made = { id: ++workspace.lastSeparationId, contactIds, createdAt: this.#now(), actor: origin.actor }
    separations.push(made)
    this.#record(workspaceId, { type: 'contacts.separated', separationId: made.id, contactIds }, origin)
    return made
  }

  async separations(workspaceId: number, { contactId, after = 0, limit }: SeparationQuery): Promise<KeptSeparation[]> {
    return this.#persons(workspaceId)
      .separations.filter(({ id }) => id > after)
      .filter(({ contactIds }) => contactId === undefined || contactIds.includes(contactId))
      .slice(0, limit)
  }

  async releaseSeparation(workspaceId: number, id: number, origin = NO_ORIGIN): Promise<boolean> {
    const { separations } = this.#persons(workspaceId)
    const index = separations.findIndex((each) => each.id === id)
    if (index < 0) return false
    const [{ contactIds }] = separations.splice(index, 1) as [KeptSeparation]
    this.#record(workspaceId, { type: 'contacts.released', separationId: id, contactIds }, origin)
    return true
  }

  async refusals(workspaceId: number, { after, limit }: RefusalQuery): Promise<CountedRefusal[]> {
    const all = [...this.#workspace(workspaceId).refusals.values()].sort(compareRefusals)
    return all.filter((each) => !after || compareRefusals(each, after) > 0).slice(0, limit)
  }

  #record(workspaceId: number, event: IdentityEvent, origin: Origin): void {
    this.#persons(workspaceId).record([event], this.#now(), origin)
  }

  /** Takes what is blocked from the persons that have it, at once. */
  #apply(workspaceId: number, { blocked }: Policy, origin: Origin): void {
    if (!blocked) return
    const workspace = this.#persons(workspaceId)
    const at = this.#now()
    for (const person of workspace.persons.persons()) {
      const division = comeApart(person, workspace.bridges, blocked.isBlocked, at)
      if (!division) continue
      const changed = new Map(division.changed.map((contact) => [contact.id, contact]))
      workspace.persons = new WorkingSet(workspace.persons.contacts().map((each) => changed.get(each.id) ?? each))
      workspace.bridges = workspace.bridges.filter((bridge) => !division.fallen.includes(bridge))
      workspace.record(splitEvents(person, division, 'block'), at, origin)
    }
  }

  #workspace(workspaceId: number): Workspace {
    const known = this.#workspaces.get(workspaceId)
    if (known) return known
    const fresh = { choices: NO_CHOICES, policy: policyOf(NO_POLICY), rules: [], presetId: 0, refusals: new Map() }
    this.#workspaces.set(workspaceId, fresh)
    return fresh
  }
}

function isFull({ rules, choices }: Workspace): boolean {
  return rules.length + Number(choices.blockJunk) >= MAX_BLOCK_RULES
}

type RefusalKey = Pick<CountedRefusal, 'personId' | 'otherPersonId' | 'reason'>

function compareRefusals(a: RefusalKey, b: RefusalKey): number {
  const byPerson = a.personId - b.personId || (a.otherPersonId ?? 0) - (b.otherPersonId ?? 0)
  return byPerson || (a.reason < b.reason ? -1 : Number(a.reason > b.reason))
}
