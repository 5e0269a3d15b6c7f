import { BlockList, type BlockRule } from './block-list.ts'
import type { CanonicalOptions } from './canonical/request.ts'
import { type FieldProblem, invalidRequest } from './errors.ts'
import type { IdentifierKind } from './identifier.ts'
import { JUNK } from './junk.ts'
import type { Limits } from './refusal.ts'

/** What a workspace asks for, as it is kept. */
export interface PolicySettings {
  readonly rules: readonly BlockRule[]
  /** Whether the preset of the usual junk is blocked as well. */
  readonly blockJunk: boolean
  /** At most so many e-mails a person, at least 1; null: any number. */
  readonly maxEmails: number | null
  /** At most so many phone numbers a person, at least 1; null: any number. */
  readonly maxPhoneNumbers: number | null
  /** Whose person answers where two may not be joined: the owner of the e-mail, or of the phone number. */
  readonly refusalPriority: IdentifierKind
  /** An identifier that has met more different counterparts than this is suspect, at least 1; null: none is. */
  readonly suspectThreshold: number | null
  /** Whether a suspect is blocked by itself. */
  readonly blockSuspects: boolean
}

/** What a workspace chooses where it says nothing. */
export const NO_CHOICES: Omit<PolicySettings, 'rules'> = {
  blockJunk: false,
  maxEmails: null,
  maxPhoneNumbers: null,
  refusalPriority: 'email',
  suspectThreshold: null,
  blockSuspects: false,
}

/** What a workspace asks for where it says nothing. */
export const NO_POLICY: PolicySettings = { rules: [], ...NO_CHOICES }

/** A policy made ready for requests. */
export interface Policy {
  /** Null where nothing is blocked. */
  readonly blocked: BlockList | null
  readonly limits: Limits
  readonly priority: IdentifierKind
  readonly suspectThreshold: number | null
  readonly blockSuspects: boolean
}

/**
 * The settings made ready, once for many requests.
 * @throws IdentityError `invalid_request` for a pattern or a number that is none
 */
export function policyOf(settings: PolicySettings, options: CanonicalOptions = {}): Policy {
  const problems = (['maxEmails', 'maxPhoneNumbers', 'suspectThreshold'] as const).flatMap((field): FieldProblem[] => {
    const value = settings[field]
    if (value === null || (Number.isSafeInteger(value) && value >= 1)) return []
    return [{ field, detail: `${field} must be a whole number from 1, or null for none; found ${value}.` }]
  })
  if (problems.length > 0) throw invalidRequest(problems)
  // A workspace's own rules after the preset: where both block a value, the one that it can change is named.
  const rules = settings.blockJunk ? [...JUNK, ...settings.rules] : settings.rules
  return {
    blocked: rules.length === 0 ? null : new BlockList(rules, options),
    limits: { email: settings.maxEmails, phone: settings.maxPhoneNumbers },
    priority: settings.refusalPriority,
    suspectThreshold: settings.suspectThreshold,
    blockSuspects: settings.blockSuspects,
  }
}
