import { IdentityError } from './errors.ts'
import type { Origin } from './event.ts'
import type { IdentifierKind } from './identifier.ts'
import type { PolicySettings } from './policy.ts'
import type { RefusalReason } from './refusal.ts'

/** What a workspace asks for beside its block rules. */
export type PolicyChoices = Omit<PolicySettings, 'rules'>

/** A block rule as it is kept. */
export interface KeptBlockRule {
  readonly id: number
  readonly kind: IdentifierKind
  /** In canonical form. */
  readonly pattern: string
  readonly createdAt: Date
  /** The id of the key that asked for it; null where none was needed, or the service made it of a suspect. */
  readonly actor: string | null
  /** Whether it has been applied to all that was there before it. */
  readonly isApplied: boolean
}

/** What a rule would do: one rule, or the preset of the usual junk. */
export type PreviewedRule = { readonly kind: IdentifierKind; readonly pattern: string } | { readonly preset: 'junk' }

/** What applying a block rule would do to the persons there are. */
export interface BlockPreview {
  /** Persons that have a value which it blocks. */
  readonly persons: number
  /** Those of them that would come apart, and into how many persons together. */
  readonly splitPersons: number
  readonly partsAfter: number
  /** Some of those that would come apart, by their ids. */
  readonly sample: readonly number[]
  /** False where there was more than is looked at for one preview: then the counts are of what was. */
  readonly isComplete: boolean
}

/** A separation as it is kept; the lower contact id comes first. */
export interface KeptSeparation {
  readonly id: number
  readonly contactIds: readonly [number, number]
  readonly createdAt: Date
  readonly actor: string | null
}

export interface SeparationQuery {
  /** Those that name this contact. @default all */
  readonly contactId?: number | undefined
  /** The id of the last one that was seen. @default none */
  readonly after?: number | undefined
  /** How many at the most. */
  readonly limit: number
}

/** How often a rule refused to join two persons, or to bring a value to one. */
export interface CountedRefusal {
  /** The person that answered. */
  readonly personId: number
  /** The person that was not joined; null where a value was not added. */
  readonly otherPersonId: number | null
  readonly reason: RefusalReason
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
}

export interface RefusalQuery {
  /** The last one that was seen. @default none */
  readonly after?: Pick<CountedRefusal, 'personId' | 'otherPersonId' | 'reason'> | undefined
  /** How many at the most. */
  readonly limit: number
}

/**
 * What workspaces refuse and block. Whoever changes it gets an answer when every server works by the change; while it
 * waits for that, about a second, either may hold.
 * @throws IdentityError `unavailable` when the store cannot serve now. To repeat is safe: what was done stays done.
 */
export interface RuleStore {
  policy(workspaceId: number): Promise<PolicyChoices>
  /** Changes what is named, and leaves the rest. @throws IdentityError `invalid_request` for a number that is none */
  setPolicy(workspaceId: number, choices: Partial<PolicyChoices>, origin?: Origin): Promise<PolicyChoices>
  blockRules(workspaceId: number): Promise<KeptBlockRule[]>
  /**
   * Adds a rule, or finds the one there is of this pattern. What it blocks is taken from the persons that have it in the
   * background.
   * @param pattern in canonical form
   * @throws IdentityError `conflict` where there are too many
   */
  addBlockRule(workspaceId: number, kind: IdentifierKind, pattern: string, origin?: Origin): Promise<KeptBlockRule>
  /** Takes nothing back: the value links whoever brings it next. @returns whether there was such a rule */
  removeBlockRule(workspaceId: number, id: number, origin?: Origin): Promise<boolean>
  /** Writes nothing. */
  previewBlock(workspaceId: number, rule: PreviewedRule): Promise<BlockPreview>
  /**
   * Keeps two contacts apart, or finds that they are.
   * @throws IdentityError `not_found` for a contact that is none, `conflict` where they are one person now
   */
  separate(workspaceId: number, contactIds: readonly [number, number], origin?: Origin): Promise<KeptSeparation>
  separations(workspaceId: number, query: SeparationQuery): Promise<KeptSeparation[]>
  /** @returns whether there was such a separation */
  releaseSeparation(workspaceId: number, id: number, origin?: Origin): Promise<boolean>
  /** By person, other person and reason. */
  refusals(workspaceId: number, query: RefusalQuery): Promise<CountedRefusal[]>
}

/** So many rules a workspace, the preset counted as one: each server keeps them all. */
export const MAX_BLOCK_RULES = 1_000

export function tooManyRules(): IdentityError {
  const detail = `There are ${MAX_BLOCK_RULES} block rules, which is as many as a workspace may have. Remove some, or use patterns.`
  return new IdentityError('conflict', detail)
}

/** Of two contacts that are to be kept apart, and are the same. */
export function sameContact(id: number): IdentityError {
  return new IdentityError('conflict', `Contact ${id} is one person with itself. Name two contacts.`)
}

/** Of two that are of one person. */
export function onePerson(): IdentityError {
  return new IdentityError(
    'conflict',
    'The two contacts are of one person now. Split that person first; its sides can be kept apart then.',
  )
}

/** Of one of the two that is not there. */
export function noContactToSeparate(id: number): IdentityError {
  return new IdentityError(
    'not_found',
    `There is no contact ${id}. Find a person by e-mail or phone for the ids of its contacts.`,
  )
}
