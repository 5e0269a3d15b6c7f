import type { IdentifierKind, Origin, RefusalReason } from '@identity/core'

/** What a workspace blocks and limits, beside its block rules. */
export interface Policy {
  /** Whether the preset of the usual junk is blocked. */
  blockJunk: boolean
  /** At most so many e-mails a person, at least 1; null: any number. */
  maxEmails: number | null
  /** At most so many phone numbers a person, at least 1; null: any number. */
  maxPhoneNumbers: number | null
  /** Who answers a request that is refused: the owner of its e-mail, or of its phone number. */
  refusalPriority: IdentifierKind
  /** An identifier that has met more different counterparts than this is suspect, at least 1; null: none is. */
  suspectThreshold: number | null
  /** Whether a suspect is blocked by itself. */
  blockSuspects: boolean
}

/** What of a policy is to change; what is left out stays. */
export type PolicyChange = { [Field in keyof Policy]?: Policy[Field] | undefined }

/** A value or, with one `*` at either end, all values that begin or end alike. */
export interface NewBlockRule {
  kind: IdentifierKind
  /** Such as `*@example.com` or `0000*`. */
  pattern: string
}

export interface BlockRule extends NewBlockRule {
  id: number
  /** ISO 8601, UTC. */
  createdAt: string
  /** The id of the API key that asked for it; null where none was asked for, or the service blocked a suspect. */
  actor: string | null
  /** Whether it has been applied to all that was there before it. */
  isApplied: boolean
}

export interface BlockRuleList {
  /** Oldest first. */
  rules: BlockRule[]
}

/** One rule, or the preset. */
export type PreviewedBlock = NewBlockRule | { preset: 'junk' }

/** What applying a rule would do to the persons there are. */
export interface BlockPreview {
  /** Persons that have a value which it blocks. */
  persons: number
  /** Those of them that would come apart. */
  splitPersons: number
  /** Into how many persons together. */
  partsAfter: number
  /** Some of those that would come apart, by their ids. */
  sample: number[]
  /** False where there was more than is looked at for one preview: then the counts are of what was. */
  isComplete: boolean
}

/** Whether there was what was to be removed. */
export interface Removal {
  removed: boolean
}

export interface NewSeparation {
  /** Two contacts of different persons. */
  contactIds: [number, number]
}

/** Says that two contacts are different people: no request joins the persons that they are of. */
export interface Separation {
  id: number
  /** The lower id first. */
  contactIds: [number, number]
  /** ISO 8601, UTC. */
  createdAt: string
  actor: string | null
}

export interface SeparationsQuery {
  /** Those that name this contact. @default all */
  contactId?: number | undefined
  /** The id of the last one that was seen. @default none */
  after?: number | undefined
  /** 1 to 1,000. @default 100 */
  limit?: number | undefined
}

export interface SeparationList {
  /** By id. */
  separations: Separation[]
}

/** How often a rule refused to join two persons, or to bring a value to one. */
export interface CountedRefusal {
  /** The person that answered. */
  personId: number
  /** The person that was not joined; null where a value was not added. */
  otherPersonId: number | null
  reason: RefusalReason
  count: number
  /** ISO 8601, UTC. */
  firstAt: string
  lastAt: string
}

export interface RefusalsQuery {
  /** The last one that was seen. @default none */
  after?: { personId: number; otherPersonId: number | null; reason: RefusalReason } | undefined
  /** 1 to 1,000. @default 100 */
  limit?: number | undefined
}

export interface RefusalList {
  /** By person, other person and reason. */
  refusals: CountedRefusal[]
}

/**
 * What the workspace refuses and blocks. Whatever changes it answers when every server works by the change, about a
 * second later; until then either may hold. Each throws IdentityError only.
 */
export interface RuleOperations {
  getPolicy(): Promise<Policy>
  setPolicy(change: PolicyChange, origin?: Origin): Promise<Policy>
  listBlockRules(): Promise<BlockRuleList>
  /** Adds a rule, or finds the one there is. It is applied to the persons there are in the background. */
  addBlockRule(rule: NewBlockRule, origin?: Origin): Promise<BlockRule>
  /** Takes nothing back: the value links whoever brings it next. */
  removeBlockRule(query: { id: number }, origin?: Origin): Promise<Removal>
  /** What applying a rule would do. Writes nothing. */
  previewBlockRule(rule: PreviewedBlock): Promise<BlockPreview>
  /** Keeps two contacts apart, or finds that they are. Throws `conflict` where they are one person now. */
  createSeparation(separation: NewSeparation, origin?: Origin): Promise<Separation>
  listSeparations(query: SeparationsQuery): Promise<SeparationList>
  releaseSeparation(query: { id: number }, origin?: Origin): Promise<Removal>
  listRefusals(query: RefusalsQuery): Promise<RefusalList>
}
